package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"

	"partnerscore/jobs/internal/storage/bucket/buckettest"
	"partnerscore/scoring"
)

// between stands between the program and a server of Spark, or in its place. It hands over every message as it is, but for what a test does to it.
type between struct {
	address string
	server  *grpc.ClientConn // nil where no Spark stands behind it
	// statement is called with every statement, from 1, and the first message of it. Its error is the answer.
	statement func(ctx context.Context, n int64, request []byte) error
	// answer may change what the server answers.
	answer func([]byte) []byte
	count  atomic.Int64
}

// newBetween listens; server is the address of the one behind, "" for none.
func newBetween(t *testing.T, server string) *between {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &between{address: listener.Addr().String()}
	if server != "" {
		if b.server, err = grpc.NewClient(server, grpc.WithTransportCredentials(insecure.NewCredentials()),
			grpc.WithDefaultCallOptions(grpc.ForceCodec(bytesCodec{}), grpc.MaxCallRecvMsgSize(1<<30))); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { b.server.Close() })
	}
	s := grpc.NewServer(grpc.ForceServerCodec(bytesCodec{}), grpc.UnknownServiceHandler(b.hand), grpc.MaxRecvMsgSize(1<<30))
	go s.Serve(listener) //nolint:errcheck // ends with the test
	t.Cleanup(s.Stop)
	return b
}

// bytesCodec leaves messages as they are sent.
type bytesCodec struct{}

func (bytesCodec) Marshal(v any) ([]byte, error) { return *v.(*[]byte), nil }

func (bytesCodec) Unmarshal(data []byte, v any) error {
	*v.(*[]byte) = bytes.Clone(data)
	return nil
}

func (bytesCodec) Name() string { return "proto" }

const service = "/spark.connect.SparkConnectService/"

// hand hands one call over.
func (b *between) hand(_ any, here grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(here)
	headers, _ := metadata.FromIncomingContext(here.Context())
	if auth := headers.Get("authorization"); b.server == nil && !slices.Equal(auth, []string{"Bearer right"}) {
		return status.Error(codes.Unauthenticated, "who is "+strings.Join(auth, ""))
	}
	if b.server == nil {
		return status.Error(codes.Unimplemented, "there is no server")
	}
	var request []byte
	if err := here.RecvMsg(&request); err != nil {
		return err
	}
	if method == service+"ExecutePlan" && b.statement != nil {
		if err := b.statement(here.Context(), b.count.Add(1), request); err != nil {
			return err
		}
	}
	there, err := b.server.NewStream(metadata.NewOutgoingContext(here.Context(), headers.Copy()),
		&grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, method)
	if err != nil {
		return err
	}
	go func() { // the answers say how it went
		for there.SendMsg(&request) == nil && here.RecvMsg(&request) == nil {
		}
		_ = there.CloseSend()
	}()
	for {
		var answer []byte
		switch err := there.RecvMsg(&answer); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if b.answer != nil {
			answer = b.answer(answer)
		}
		if err := here.SendMsg(&answer); err != nil {
			return err
		}
	}
}

// release ends the session of a request on the server, as one that nobody used for an hour.
func (b *between) release(ctx context.Context, request []byte) error {
	id := regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`).Find(request)
	user := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), "partnerscore")
	message := protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), id)
	message = protowire.AppendBytes(protowire.AppendTag(message, 2, protowire.BytesType), user)
	var answer []byte
	return b.server.Invoke(ctx, service+"ReleaseSession", &message, &answer)
}

// sparkBehind is a lab that reaches the server by a proxy; it skips the test where there is no server.
func sparkBehind(t *testing.T) (sparkLab, *between) {
	t.Helper()
	s := newSparkLab(t)
	b := newBetween(t, strings.TrimPrefix(os.Getenv("PARTNERSCORE_TEST_SPARK"), "sc://"))
	s.remote = b.address
	return s, b
}

// TestSparkToken: a server that refuses a token, or asks for one, is a setting; the token is shown nowhere.
func TestSparkToken(t *testing.T) {
	s := sparkLab{lab: samplesLab(t), remote: newBetween(t, "").address + "/;use_ssl=false"}
	for token, want := range map[string]string{"": "asks for a token", "not-the-right-one": "refuses the token"} {
		s.env = nil
		if token != "" {
			s.env = []string{"PARTNERSCORE_SPARK_TOKEN=" + token}
		}
		e := s.run(t, s.score(lastMonth, s.with("auto")...)...)
		if e.code != exitUsage || !strings.Contains(e.stderr, want+"; set PARTNERSCORE_SPARK_TOKEN") || token != "" && strings.Contains(e.stderr, token) {
			t.Errorf("token %q: ended with %d: %s", token, e.code, e.stderr)
		}
		if isThere(filepath.Join(s.snapshots, "scores")) {
			t.Error("something was published")
		}
	}
}

// TestSparkReadsWrong: a server that gives one odd letter back as another is refused before a row is read, and auto lets DuckDB build the facts.
func TestSparkReadsWrong(t *testing.T) {
	s, b := sparkBehind(t)
	b.answer = func(answer []byte) []byte { return bytes.ReplaceAll(answer, []byte("😀"), []byte("😁")) }
	e := s.run(t, s.score(lastMonth, s.with("spark")...)...)
	if e.code != exitUsage || !strings.Contains(e.stderr, "reads odd values in another way than DuckDB") || !strings.Contains(e.stderr, "😁") ||
		!strings.Contains(e.stderr, "--engine duckdb") || isThere(filepath.Join(s.snapshots, "scores")) {
		t.Errorf("ended with %d: %s", e.code, e.stderr)
	}
	if e := s.mustScore(t, lastMonth, s.with("auto")...); !strings.Contains(e.stderr, "DuckDB builds the facts of this month") || strings.Contains(e.stderr, "engine=spark") {
		t.Errorf("auto: %s", e.stderr)
	}
	s.likeDuckDB(t)
}

// TestSparkSessionEnds: a session that the server ends while a run works with it leaves nothing half-written.
func TestSparkSessionEnds(t *testing.T) {
	s, b := sparkBehind(t)
	for _, at := range []int64{2, 20, 34} {
		s.snapshots = filepath.Join(t.TempDir(), "snapshots")
		b.count.Store(0)
		b.statement = func(ctx context.Context, n int64, request []byte) error {
			if n == at {
				return b.release(ctx, request)
			}
			return nil
		}
		e := s.run(t, s.score(lastMonth, s.with("spark")...)...)
		if e.code != exitInternal || !strings.Contains(e.stderr, "stopped with INVALID_HANDLE.SESSION_CLOSED") || isThere(filepath.Join(s.snapshots, "scores")) {
			t.Errorf("at statement %d of %d: ended with %d: %s", at, b.count.Load(), e.code, e.stderr)
		}
		b.statement = nil
		s.mustScore(t, lastMonth)
		s.likeDuckDB(t)
	}
}

// TestSparkExportGoes: an export that is gone when Spark reads it is named, and nothing is published of what is left.
func TestSparkExportGoes(t *testing.T) {
	s, b := sparkBehind(t)
	file := filepath.Join(s.exports, "azure_usage/month=2024-06/part-00000.parquet")
	before := text(t, file)
	b.answer = func(answer []byte) []byte {
		if bytes.Contains(answer, []byte("😀")) { // the probe is read, and no export
			_ = os.Remove(file) // it may be gone already
		}
		return answer
	}
	e := s.run(t, s.score(lastMonth, s.with("spark")...)...)
	if e.code != exitContract || !strings.Contains(e.stderr, "azure_usage/month=2024-06/part-00000.parquet") || isThere(filepath.Join(s.snapshots, "scores")) {
		t.Errorf("ended with %d: %s", e.code, e.stderr)
	}
	if err := os.WriteFile(file, []byte(before), 0o666); err != nil {
		t.Fatal(err)
	}
	s.mustScore(t, lastMonth)
	s.likeDuckDB(t)
}

// TestSparkHangs: a run whose server takes a statement and never answers ends in time when it is told to.
func TestSparkHangs(t *testing.T) {
	s, b := sparkBehind(t)
	hangs := make(chan struct{}, 100)
	b.statement = func(ctx context.Context, n int64, _ []byte) error {
		if n < 20 {
			return nil
		}
		hangs <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	}
	run := s.start(t, s.score(lastMonth, s.with("spark")...)...)
	<-hangs
	run.signal(t, syscall.SIGTERM)
	if code := run.end(t, 6*time.Second); code != 128+int(syscall.SIGTERM) {
		t.Errorf("ended with %d: %s", code, run.stderr.String())
	}
	b.statement = nil
	s.mustScore(t, lastMonth)
	s.likeDuckDB(t)
}

// TestSparkReadsStore: Spark sees exports under another address than the program, which reads each of them once, and never again when facts are built
// again.
func TestSparkReadsStore(t *testing.T) {
	spark := newSparkLab(t)
	for _, folder := range []string{"azure_usage", "partners"} {
		if err := os.RemoveAll(filepath.Join(spark.exports, folder)); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range []scoring.Month{lastMonth.Add(-1), lastMonth} { // files larger than what is read of one for its columns
		rows := csvTable(strings.ReplaceAll(largeUsage(9000, 1), lastMonth.String(), m.String()))
		writeText(t, filepath.Join(spark.exports, "azure_usage/month="+m.String()+"/part-0.parquet"), parquetText(t, rows[0], rows[1:]...))
	}
	buckettest.OnEmulators(t, func(t *testing.T, e buckettest.Emulator) {
		l := *spark.lab
		l.temp = t.TempDir()
		s := newStoreLab(t, &l, e)
		engine := append(spark.with("spark"), "--spark-exports", s.folder)
		first := s.trafficOf(t, s.score(lastMonth, engine...)...)
		first.checkReads(t, "first run", slices.Collect(maps.Keys(first.files))...)
		got, _ := s.published(t)
		alone := s.localLab(t)
		alone.mustScore(t, lastMonth)
		want, _ := alone.published(t)
		sameTables(t, want, got)
		c := s.client(t, s.snapshots)
		for name := range s.content(t, s.snapshots) {
			if strings.HasPrefix(name, "_facts/") && strings.HasSuffix(name, "/facts.json") {
				if err := c.Delete(t.Context(), name); err != nil {
					t.Fatal(err)
				}
			}
		}
		again := s.trafficOf(t, append(s.storeCommand("facts", inExports, inSnapshots, "--from", "2024-05", "--to", "2024-06"), engine...)...)
		for name, f := range again.files {
			if f.whole > 0 && strings.HasPrefix(name, "azure_usage/") {
				t.Errorf("all of %s was read to build its facts on Spark", name)
			}
		}
		if len(again.other) < 3 {
			t.Errorf("no facts were built: %v", again.other)
		}
	})
}

// TestSparkIsNotAsked: no server is asked about exports that Spark cannot read as DuckDB does. Its odd values would be read by the rules of these.
func TestSparkIsNotAsked(t *testing.T) {
	s := sparkLab{lab: samplesLab(t), remote: "127.0.0.1:1"}
	if err := errors.Join(os.RemoveAll(filepath.Join(s.exports, "azure_usage")), os.RemoveAll(filepath.Join(s.exports, "partners"))); err != nil {
		t.Fatal(err)
	}
	writeMonth(t, s.exports, lastMonth, 1)
	if e := s.mustScore(t, lastMonth, s.with("auto")...); !strings.Contains(e.stderr, "DuckDB builds the facts of this month") {
		t.Errorf("auto does not say that DuckDB read the month: %s", e.stderr)
	}
	s.likeDuckDB(t)
}
