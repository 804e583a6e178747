-- One row is one scored partner and the ACR in US dollars that makes a customer eligible on its track. open: the track depends
-- on customers of unknown size; filled by the program.
CREATE OR REPLACE TEMP TABLE partner_track (partner_id VARCHAR NOT NULL, threshold_usd DECIMAL(18, 6) NOT NULL, open BOOLEAN NOT NULL);
