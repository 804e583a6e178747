-- One row is one customer segment that tells the size of a customer, as the rulebook reads it: small and medium business, or larger. A customer
-- of another segment, or of none, is open; filled by the program.
CREATE OR REPLACE TEMP TABLE segment_size (segment VARCHAR NOT NULL, smb BOOLEAN NOT NULL);
