package monitor

// Progress follows a run: what begins, for a person who watches, and what has ended, for the record.
type Progress interface {
	// Step says that a step begins, the i-th of n.
	Step(i, n int, what string)
	// Done says that a step has ended well.
	Done(s Step)
}
