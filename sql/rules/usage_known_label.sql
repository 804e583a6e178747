-- One row is one label of usage that the rulebook names, by kind: association or offer, whether or not it counts; filled from the rulebook.
CREATE OR REPLACE TABLE usage_known_label (kind VARCHAR NOT NULL, label VARCHAR NOT NULL);
