-- One row is one spelling or offer id of an offer that does not count, as the rulebook prints it, and the class of that offer; filled from
-- the rulebook.
CREATE OR REPLACE TABLE offer_label (label VARCHAR NOT NULL, class VARCHAR NOT NULL);
