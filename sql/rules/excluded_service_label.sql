-- One row is one service level 2 that is not a deployment, as the rulebook prints it; filled from the rulebook.
CREATE OR REPLACE TABLE excluded_service_label (label VARCHAR NOT NULL);
