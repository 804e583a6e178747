-- The form in which two labels are compared: white space squeezed, case folded; blank text becomes ''.
CREATE OR REPLACE MACRO folded(label) AS
    lower(squeezed(label));
