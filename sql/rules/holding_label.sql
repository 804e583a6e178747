-- One row is one text that decides about rows of the certifications export, by kind: 'type' (the training type of a certification)
-- or 'active' (an activation status that counts); filled from the rulebook.
CREATE OR REPLACE TABLE holding_label (kind VARCHAR NOT NULL, label VARCHAR NOT NULL);
