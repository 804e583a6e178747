package connect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// object is a message of the protocol, written with the names of its fields. The library has no way to send those that are needed here.
type object map[string]any

// Keep runs a query once and keeps its rows on the disks of the server, where statements see them as a temporary view of that name. They cannot be
// mistaken for the rows of another session or of another query, unlike those of CACHE TABLE, which Spark finds by the text of paths. Drop removes them;
// so does the server after the session was released.
func (s *Session) Keep(ctx context.Context, name, text string) error {
	return s.run(ctx, nil, func(ctx context.Context) error {
		var kept protoreflect.Value
		err := s.command(ctx, object{"checkpoint_command": object{
			"relation": object{"sql": object{"query": text}}, "local": true, "eager": true,
			"storage_level": object{"use_disk": true, "replication": 1},
		}}, func(answer protoreflect.Message) {
			if id := within(answer, "checkpoint_command_result", "relation", "relation_id"); id.IsValid() {
				kept = id
			}
		})
		if err != nil {
			return err
		}
		if !kept.IsValid() {
			return errors.New("the server does not name the rows that it keeps")
		}
		s.kept = kept.String()
		return s.command(ctx, object{"create_dataframe_view": object{
			"input": object{"cached_remote_relation": object{"relation_id": s.kept}}, "name": name, "replace": true,
		}}, func(protoreflect.Message) {})
	})
}

// Drop removes the rows that were kept last and their view. Without such rows it does nothing.
func (s *Session) Drop(ctx context.Context, name string) error {
	if s.kept == "" {
		return nil
	}
	id := s.kept
	s.kept = ""
	return errors.Join(
		s.Exec(ctx, "DROP VIEW IF EXISTS "+name),
		s.run(ctx, nil, func(ctx context.Context) error {
			return s.command(ctx, object{"remove_cached_remote_relation_command": object{"relation": object{"relation_id": id}}},
				func(protoreflect.Message) {})
		}))
}

// command sends a command of the protocol and calls each with every message of the answer.
func (s *Session) command(ctx context.Context, command object, each func(protoreflect.Message)) error {
	text, err := json.Marshal(object{
		"session_id": s.link.session, "user_context": object{"user_id": s.link.remote.User}, "plan": object{"command": command},
	})
	if err != nil {
		return fmt.Errorf("write a command of Spark: %w", err)
	}
	request, answer := message("ExecutePlanRequest"), message("ExecutePlanResponse")
	if err := protojson.Unmarshal(text, request.Interface()); err != nil {
		return fmt.Errorf("write a command of Spark: %w", err)
	}
	answers, err := s.link.conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, "/spark.connect.SparkConnectService/ExecutePlan")
	if err != nil {
		return err
	}
	if err := errors.Join(answers.SendMsg(request.Interface()), answers.CloseSend()); err != nil {
		return err
	}
	for {
		proto.Reset(answer.Interface())
		err := answers.RecvMsg(answer.Interface())
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		each(answer)
	}
}

// within returns a field of a message inside a message, not valid where it is not set.
func within(m protoreflect.Message, names ...protoreflect.Name) (value protoreflect.Value) {
	for i, name := range names {
		field := m.Descriptor().Fields().ByName(name)
		if field == nil || !m.Has(field) {
			return protoreflect.Value{}
		}
		if value = m.Get(field); i < len(names)-1 {
			m = value.Message()
		}
	}
	return value
}
