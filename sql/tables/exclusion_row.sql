-- One row is one reason for which rows of a usage month did not count, from the facts of the fourteen months; filled by the program.
CREATE OR REPLACE TEMP TABLE exclusion_row (
    usage_month DATE, class VARCHAR, reason VARCHAR, rows BIGINT, acr_usd DECIMAL(18, 6));
