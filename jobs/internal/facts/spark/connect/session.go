package connect

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/spark-connect-go/spark/sql"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// endWithin is how long a server has to stop a query and to release a session.
const endWithin = 2 * time.Second

// Session is a session of a server: its functions, views and settings live as long as it does. It is for one goroutine at a time.
type Session struct {
	spark   sql.SparkSession
	link    *link
	version string
	kept    string // the id of the rows that the server keeps, "" for none
}

// Open connects, which makes a session, and asks the server for its version. The caller closes it.
func Open(ctx context.Context, remote Remote) (*Session, error) {
	l := &link{remote: remote, patience: patience}
	spark, err := sql.NewSessionBuilder().WithChannelBuilder(l).Build(ctx)
	if err != nil {
		return nil, l.explain(ctx, err)
	}
	s := &Session{spark: spark, link: l}
	err = s.Query(ctx, "SELECT version()", func(batch arrow.RecordBatch) error {
		if batch.NumRows() > 0 {
			s.version = batch.Column(0).ValueStr(0)
		}
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, l.conn.Close())
	}
	return s, nil
}

// Version is the version of the server, like "4.1.4" and the revision that it was built from.
func (s *Session) Version() string { return s.version }

// Where is the host and the port of the server.
func (s *Session) Where() string { return s.link.remote.String() }

// Exec runs a statement without a result.
func (s *Session) Exec(ctx context.Context, text string) error {
	return s.run(ctx, nil, func(ctx context.Context) error {
		_, err := s.spark.Sql(ctx, text)
		return err
	})
}

// Query runs a query and calls each with every batch of its result, which is gone when each returns. When the context ends, the query is
// stopped on the server, too.
func (s *Session) Query(ctx context.Context, text string, each func(arrow.RecordBatch) error) error {
	return s.run(ctx, each, func(ctx context.Context) error {
		frame, err := s.spark.Sql(ctx, text)
		if err != nil {
			return err
		}
		_, err = frame.ToArrow(ctx)
		return err
	})
}

// Table makes rows visible to statements as a temporary view of that name.
func (s *Session) Table(ctx context.Context, name string, rows arrow.Table) error {
	return s.run(ctx, nil, func(ctx context.Context) error {
		frame, err := s.spark.CreateDataFrameFromArrow(ctx, rows)
		if err != nil {
			return err
		}
		return frame.CreateOrReplaceTempView(ctx, name)
	})
}

// run calls the library. It stops what the server still does after an error, and a statement about which the server is silent for too long.
func (s *Session) run(ctx context.Context, each func(arrow.RecordBatch) error, call func(ctx context.Context) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	silent := time.AfterFunc(s.link.patience, func() {
		stop(&AwayError{Where: s.Where(), What: fmt.Sprintf("nothing has come of a statement for %s; its log may have the reason", s.link.patience)})
	})
	defer silent.Stop()
	s.link.failed, s.link.progress, s.link.heard = nil, nil, func() { silent.Reset(s.link.patience) }
	s.link.batch = func(data []byte) error { return decode(data, each) }
	defer func() { s.link.batch, s.link.heard = nil, nil }()
	err := call(ctx)
	silent.Stop()
	if err == nil && ctx.Err() == nil {
		return nil
	}
	if ctx.Err() != nil || s.link.failed != nil {
		s.link.end(ctx, "Interrupt") // what is wrong is known, whatever this ends with
	}
	return s.link.explain(ctx, err)
}

// decode reads the batches in a message.
func decode(data []byte, each func(arrow.RecordBatch) error) error {
	if each == nil {
		return nil
	}
	reader, err := ipc.NewReader(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("read a batch of Spark: %w", err)
	}
	defer reader.Release()
	for reader.Next() {
		if err := each(reader.RecordBatch()); err != nil {
			return err
		}
	}
	if err := reader.Err(); err != nil {
		return fmt.Errorf("read a batch of Spark: %w", err)
	}
	return nil
}

// Close releases the session and closes the connection. A server that does not answer releases it by itself, after an hour.
func (s *Session) Close(ctx context.Context) error {
	s.link.end(ctx, "ReleaseSession")
	return s.link.conn.Close()
}

// end sends Interrupt, which stops all queries of the session, or ReleaseSession. The library has no way to do it. The context of the run may have
// ended.
func (l *link) end(ctx context.Context, call string) {
	request, answer := message(call+"Request"), message(call+"Response")
	user := message("UserContext")
	if l.session == "" || request == nil || answer == nil || user == nil {
		return
	}
	set(user, "user_id", protoreflect.ValueOfString(l.remote.User))
	set(request, "session_id", protoreflect.ValueOfString(l.session))
	set(request, "user_context", protoreflect.ValueOfMessage(user))
	set(request, "interrupt_type", protoreflect.ValueOfEnum(1)) // all
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), endWithin)
	defer stop()
	_ = l.conn.Invoke(ctx, "/spark.connect.SparkConnectService/"+call, request.Interface(), answer.Interface()) // the server ends them by itself, later
}

// message makes a message of the protocol, nil for one that the library does not have.
func message(name string) protoreflect.Message {
	of, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName("spark.connect." + name))
	if err != nil {
		return nil
	}
	return of.New()
}

// set sets a field of a message that has it.
func set(m protoreflect.Message, name protoreflect.Name, value protoreflect.Value) {
	if field := m.Descriptor().Fields().ByName(name); field != nil {
		m.Set(field, value)
	}
}
