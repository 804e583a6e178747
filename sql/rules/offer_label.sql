-- One row is one spelling or offer id of an offer class that does not count, as the rulebook prints it; filled from the rulebook.
CREATE OR REPLACE TABLE offer_label (label VARCHAR NOT NULL);
