-- The account of a row of cost where the settings name the partner, own: that, where the account is blank or a tenant id; else the id as it is.
CREATE OR REPLACE MACRO own_account(id, own) AS
    CASE WHEN blank(trimmed(id)) THEN own ELSE own_partner(id, own) END;
