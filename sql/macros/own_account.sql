-- The account of a row of cost when the settings name the partner (own): own when the account is blank or a tenant id, else the account.
CREATE OR REPLACE MACRO own_account(id, own) AS
    CASE WHEN blank(trimmed(id)) THEN own ELSE own_partner(id, own) END;
