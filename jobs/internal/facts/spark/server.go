package spark

import (
	"context"
	"errors"

	"partnerscore/jobs/internal/facts/spark/connect"
)

// Server is the sessions that a run has on a server, one for each month that is worked on at once.
type Server struct {
	sessions []*connect.Session
	free     chan *connect.Session
	probed   bool
}

// Connect opens so many sessions on a server. The caller closes it.
func Connect(ctx context.Context, remote connect.Remote, sessions int) (*Server, error) {
	s := &Server{free: make(chan *connect.Session, sessions)}
	for range sessions {
		if err := s.open(ctx, remote); err != nil {
			return nil, errors.Join(err, s.Close(ctx))
		}
	}
	return s, nil
}

// open opens one more session.
func (s *Server) open(ctx context.Context, remote connect.Remote) error {
	session, err := connect.Open(ctx, remote)
	if err != nil {
		return err
	}
	s.sessions = append(s.sessions, session)
	s.free <- session
	for _, setting := range settings() {
		if err := session.Exec(ctx, setting); err != nil {
			return err
		}
	}
	return nil
}

// Where is the host and the port.
func (s *Server) Where() string { return s.sessions[0].Where() }

// Version is the version of Spark, like "4.1.4" and the revision that it was built from.
func (s *Server) Version() string { return s.sessions[0].Version() }

// take returns a session that nothing runs in. The caller gives it back.
func (s *Server) take(ctx context.Context) (*connect.Session, error) {
	select {
	case session := <-s.free:
		return session, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (s *Server) give(session *connect.Session) { s.free <- session }

// Close releases all sessions. No engine works with them any more.
func (s *Server) Close(ctx context.Context) (err error) {
	for _, session := range s.sessions {
		err = errors.Join(err, session.Close(ctx))
	}
	return err
}

// settings make Spark read files as DuckDB does, whatever the server is set up for.
func settings() []string {
	return []string{
		"SET spark.sql.session.timeZone = UTC",
		"SET spark.sql.parquet.binaryAsString = true",
		"SET spark.sql.parquet.mergeSchema = false",
		"SET spark.sql.parquet.datetimeRebaseModeInRead = CORRECTED",
		"SET spark.sql.files.ignoreCorruptFiles = false",
		"SET spark.sql.files.ignoreMissingFiles = false",
		"SET spark.sql.caseSensitive = false",
	}
}
