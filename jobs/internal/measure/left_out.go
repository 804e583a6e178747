package measure

import (
	"context"
	"database/sql"
	"path"
)

// LeftOut counts the certification rows that cannot count: they lower a score without being wrong.
type LeftOut struct {
	UnknownPartner int64
	FirstLocation  string // of these, where it is a number
	WithoutPerson  int64
}

// LeftOut counts the rows that cannot count; the certifications must have been read.
func (h *Holdings) LeftOut(ctx context.Context) (left LeftOut, err error) {
	err = h.DB.Query(ctx, "holdings/count_unknown_partner", func(rows *sql.Rows) error {
		var first sql.NullString
		err := rows.Scan(&left.UnknownPartner, &first)
		left.FirstLocation = first.String
		return err
	})
	if err != nil {
		return left, err
	}
	return left, h.DB.Query(ctx, "holdings/count_without_person", func(rows *sql.Rows) error { return rows.Scan(&left.WithoutPerson) })
}

// warn warns about certification rows that cannot count.
func (h *Holdings) warn(ctx context.Context) error {
	folder := path.Dir(h.files[0].Rel)
	left, err := h.LeftOut(ctx)
	if left.UnknownPartner > 0 {
		h.Log.Warn("certification rows of no known partner are left out; add their locations to the partners file", "folder", folder,
			"rows", left.UnknownPartner, "first_location", left.FirstLocation)
	}
	if left.WithoutPerson > 0 {
		h.Log.Warn("certification rows without certification id and e-mail count for nobody", "folder", folder, "rows", left.WithoutPerson)
	}
	if err != nil {
		return err
	}
	if err := h.warnOfNobody(ctx, folder); err != nil {
		return err
	}
	if err := h.warnOfSharedIDs(ctx, folder); err != nil {
		return err
	}
	return h.warnOfNearTitles(ctx, folder)
}

// warnOfNobody warns about files in which no row is a certification, or none is active: their types or statuses are written in another way.
func (h *Holdings) warnOfNobody(ctx context.Context, folder string) error {
	var all, certifications, active int64
	err := h.DB.Query(ctx, "holdings/count_left_out", func(rows *sql.Rows) error { return rows.Scan(&all, &certifications, &active) })
	switch {
	case err != nil:
		return err
	case all > 0 && certifications == 0:
		h.Log.Warn("no row of the certifications is of a type that counts, so nobody counts; inspect lists the types", "folder", folder, "rows", all)
	case certifications > 0 && active == 0:
		h.Log.Warn("no certification has a status that counts as active, so nobody counts", "folder", folder, "rows", certifications)
	}
	return nil
}

// warnOfSharedIDs warns about certification ids with the addresses of several people, who count as one person.
func (h *Holdings) warnOfSharedIDs(ctx context.Context, folder string) error {
	var ids, found, addresses int64
	err := h.DB.Query(ctx, "holdings/shared_id", func(rows *sql.Rows) error { return rows.Scan(&ids, &found, &addresses) })
	if err != nil || ids == 0 {
		return err
	}
	h.Log.Warn("certification ids have three or more e-mail addresses each, and each id counts as one person; if several people share an id, "+
		"export the ids again, or leave the column blank so that the e-mail decides", "folder", folder, "ids", ids, "rows", found, "addresses", addresses)
	return nil
}
