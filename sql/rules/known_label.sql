-- One row is one text that names a certification in any of the rulebooks at hand; filled from the rulebooks.
CREATE OR REPLACE TABLE known_label (label VARCHAR NOT NULL);
