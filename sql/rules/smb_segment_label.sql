-- One row is one customer segment that means small and medium business, as the rulebook prints it; filled from the rulebook.
CREATE OR REPLACE TABLE smb_segment_label (label VARCHAR NOT NULL);
