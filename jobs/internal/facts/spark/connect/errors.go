package connect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/apache/spark-connect-go/spark/sparkerrors"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"partnerscore/jobs/internal/fault"
)

// AwayError reports a server that does not answer.
type AwayError struct {
	Where string
	What  string
}

func (e *AwayError) FaultKind() string { return fault.Internal }

func (e *AwayError) FaultAdvice() string {
	return "run again when the server answers, or give --engine duckdb; nothing is half-published"
}

func (e *AwayError) Error() string {
	return fmt.Sprintf("the Spark server %s does not answer: %s", e.Where, e.What)
}

// Error is an error of a statement, without the statement, its plan and the data that the server quotes.
type Error struct {
	Where string
	Class string // like PATH_NOT_FOUND
	State string // SQLSTATE
	Code  string // of the protocol
	Large bool   // the result is more than spark.driver.maxResultSize allows
}

func (e *Error) FaultKind() string {
	if e.Large {
		return fault.Usage
	}
	return fault.Internal
}

func (e *Error) FaultAdvice() string {
	if e.Large {
		return "raise spark.driver.maxResultSize of the server, or give --engine duckdb"
	}
	return ""
}

func (e *Error) Error() string {
	what := cmp.Or(e.Class, e.Code)
	if e.State != "" {
		what += ", SQLSTATE " + e.State
	}
	if e.Large {
		return fmt.Sprintf("the Spark server %s has a result that is larger than its spark.driver.maxResultSize; %s", e.Where, e.FaultAdvice())
	}
	return fmt.Sprintf("the Spark server %s stopped with %s; its log has the rest", e.Where, what)
}

// TooLarge reports whether a server had more rows to send than it may gather.
func TooLarge(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Large
}

// ClassOf returns the class of an error of a statement, "" of another error.
func ClassOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Class
	}
	return ""
}

// explain says what an error of the library means. It wraps none of them: they show statements, plans and values.
func (l *link) explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if l.failed != nil {
		return l.failed
	}
	where := l.remote.String()
	var answer *sparkerrors.SparkError
	var refusal interface{ GRPCStatus() *status.Status }
	switch {
	case errors.As(err, &answer):
	case errors.As(err, &refusal): // the library converts most errors, but not those of a call that did not begin
		answer = sparkerrors.FromRPCError(refusal.GRPCStatus().Err())
	default:
		return &Error{Where: where, Code: "an answer that the client does not understand"}
	}
	switch answer.Code {
	case codes.Unavailable, codes.DeadlineExceeded, codes.Canceled:
		return &AwayError{Where: where, What: l.oneLine(answer.Message)}
	case codes.Unauthenticated, codes.PermissionDenied:
		if l.remote.Token == "" {
			return fault.Errorf(fault.Usage, "the Spark server %s asks for a token; set PARTNERSCORE_SPARK_TOKEN", where)
		}
		return fault.Errorf(fault.Usage, "the Spark server %s refuses the token; set PARTNERSCORE_SPARK_TOKEN to a valid one, with the right to use this server", where)
	}
	return &Error{Where: where, Class: answer.ErrorClass, State: answer.SqlState, Code: answer.Code.String(),
		Large: strings.Contains(answer.Message, "spark.driver.maxResultSize")}
}

// oneLine returns what the transport says, without what is secret.
func (l *link) oneLine(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	if l.remote.Token != "" {
		text = strings.ReplaceAll(text, l.remote.Token, "…")
	}
	const most = 200
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}
