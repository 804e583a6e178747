-- One row is one person: the key of the exports and the pseudonym that is published; filled by the program.
CREATE OR REPLACE TEMP TABLE person (person_key VARCHAR NOT NULL, person_id VARCHAR NOT NULL);
