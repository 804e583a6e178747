package connect

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

const (
	// mostMessage is how large a message may be: the server takes as much, and sends batches of 4 MB unless it is set up otherwise.
	mostMessage = 128 << 20
	// pingAfter is how long a connection is quiet before it is tried. A server takes more than one ping in five minutes for an attack.
	pingAfter = 6 * time.Minute
	// pingTimeout is how long the answer may take.
	pingTimeout = 30 * time.Second
	// patience is how long a statement may go on without any news. A server tells every other second how many tasks have ended; one whose driver has no
	// memory left says the same forever.
	patience = 30 * time.Minute
)

// link is the channel of one session. It implements channel.Builder of the client library, and does what the library does not: it knows the id of
// the session, hands batches over as they arrive, and speaks TLS with or without a token. It is for one goroutine at a time.
type link struct {
	remote  Remote
	conn    *grpc.ClientConn
	session string // the id, once a request was sent
	// batch takes the next batch of the running query; nil when none runs.
	batch func(data []byte) error
	// failed is the error of batch that ended the query.
	failed error
	// patience is how long a statement may be silent; heard begins it again. heard is nil while no statement runs.
	patience time.Duration
	heard    func()
	progress proto.Message // what the server said last about its tasks
}

// Build opens the connection; nothing is sent yet.
func (l *link) Build(context.Context) (*grpc.ClientConn, error) {
	transport := insecure.NewCredentials()
	if l.remote.TLS {
		roots, err := x509.SystemCertPool()
		if err != nil {
			return nil, fmt.Errorf("read the certificates of the system: %w", err)
		}
		transport = credentials.NewTLS(&tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12})
	}
	conn, err := grpc.NewClient(l.remote.String(),
		grpc.WithTransportCredentials(transport),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: pingAfter, Timeout: pingTimeout}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(mostMessage), grpc.MaxCallSendMsgSize(mostMessage)),
		grpc.WithUnaryInterceptor(l.unary), grpc.WithStreamInterceptor(l.stream))
	l.conn = conn
	return conn, err
}

// User is the name under which the server keeps the session.
func (l *link) User() string { return l.remote.User }

// Headers are none: identify adds them, also to requests to which the library adds none.
func (l *link) Headers() map[string]string { return nil }

// SessionId is chosen by the library.
func (l *link) SessionId() string { return "" }

// UserAgent names the program.
func (l *link) UserAgent() string { return "partnerscore" }

// identify adds the token and the headers to a request.
func (l *link) identify(ctx context.Context) context.Context {
	if l.remote.Token != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+l.remote.Token)
	}
	for name, value := range l.remote.Headers {
		ctx = metadata.AppendToOutgoingContext(ctx, name, value)
	}
	return ctx
}

func (l *link) unary(ctx context.Context, method string, request, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
	return invoke(l.identify(ctx), method, request, reply, conn, options...)
}

func (l *link) stream(ctx context.Context, of *grpc.StreamDesc, conn *grpc.ClientConn, method string, open grpc.Streamer, options ...grpc.CallOption) (
	grpc.ClientStream, error) {
	s, err := open(l.identify(ctx), of, conn, method, options...)
	if err != nil {
		return nil, err
	}
	return stream{ClientStream: s, link: l}, nil
}

// stream is a request and its answers.
type stream struct {
	grpc.ClientStream
	link *link
}

// SendMsg notes the id of the session, which the library keeps to itself.
func (s stream) SendMsg(message any) error {
	if request, ok := message.(proto.Message); ok {
		if id := fieldOf(request, "session_id"); id != nil {
			s.link.session = request.ProtoReflect().Get(id).String()
		}
	}
	return s.ClientStream.SendMsg(message)
}

// RecvMsg takes batches out of the answer: the library would gather all of them in memory.
func (s stream) RecvMsg(message any) error {
	if err := s.ClientStream.RecvMsg(message); err != nil {
		return err
	}
	answer, ok := message.(proto.Message)
	if !ok || s.link.batch == nil {
		return nil
	}
	if s.link.isNews(answer) {
		s.link.heard()
	}
	if schema := fieldOf(answer, "schema"); schema != nil {
		answer.ProtoReflect().Clear(schema) // batches have their own
	}
	field := fieldOf(answer, "arrow_batch")
	if field == nil || !answer.ProtoReflect().Has(field) {
		return nil
	}
	batch := answer.ProtoReflect().Get(field).Message()
	data := batch.Descriptor().Fields().ByName("data")
	if data == nil {
		return nil
	}
	bytes := batch.Get(data).Bytes()
	answer.ProtoReflect().Clear(field)
	if err := s.link.batch(bytes); err != nil {
		s.link.failed = err
		return err
	}
	return nil
}

// isNews reports whether an answer is other than the last progress again.
func (l *link) isNews(answer proto.Message) bool {
	field := fieldOf(answer, "execution_progress")
	if field == nil || !answer.ProtoReflect().Has(field) {
		return true
	}
	progress := answer.ProtoReflect().Get(field).Message().Interface()
	news := !proto.Equal(progress, l.progress)
	l.progress = progress
	return news
}

// fieldOf returns a field of a message by its name, nil where it has none.
func fieldOf(m proto.Message, name protoreflect.Name) protoreflect.FieldDescriptor {
	return m.ProtoReflect().Descriptor().Fields().ByName(name)
}
