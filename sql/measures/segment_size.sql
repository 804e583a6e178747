-- One row is one customer segment from which the rulebook reads the size of a customer: small and medium business, or larger. A customer
-- of another segment, or without one, is open (of unknown size). Filled by the program.
CREATE OR REPLACE TEMP TABLE segment_size (segment VARCHAR NOT NULL, smb BOOLEAN NOT NULL);
