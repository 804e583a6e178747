-- One row is one spelling of an eligible association as the rulebook prints it; filled from the rulebook.
CREATE OR REPLACE TABLE association_label (label VARCHAR NOT NULL, priority INTEGER NOT NULL);
