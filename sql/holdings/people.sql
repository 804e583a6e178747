-- One row is one person who has a row in the certifications snapshot: the key that identifies the person.
SELECT DISTINCT person_key FROM holding_row WHERE person_key IS NOT NULL ORDER BY person_key;
