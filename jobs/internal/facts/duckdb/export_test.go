package duckdb

// Wait waits until nothing more is built ahead, and returns how many months are ready.
func (a *Ahead) Wait() int {
	a.work.Wait()
	return len(a.begun)
}
