-- The form in which two titles of certifications are compared: folded, without ® and ™, and with the same blanks around colons and
-- parentheses however they were written; blank text becomes ''. The rulebooks compare titles in the same form, scoring.Titled.
CREATE OR REPLACE MACRO titled(label) AS
    squeezed(regexp_replace(regexp_replace(regexp_replace(
        folded(regexp_replace(label, '[®™]\x{FE0F}?', ' ', 'g')),
        ' ?\( ?', ' (', 'g'), ' ?\) ?', ') ', 'g'), ' ?: ?', ': ', 'g'));
