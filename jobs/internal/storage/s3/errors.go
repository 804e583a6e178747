package s3

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"strings"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"partnerscore/jobs/internal/storage/remote"
)

const noSuchBucket = "NoSuchBucket"

// meanings says what answers of a container mean for people.
type meanings struct{ remote.Place }

func (c meanings) noBucket() error {
	return c.Unusable("bucket " + c.Address.Container + " does not exist; create it, or check the address, AWS_REGION and AWS_ENDPOINT_URL")
}

// notListed says what 404 means as an answer to a list, where no object can be missing. Some stores answer it to a key that they do not know.
func (c meanings) notListed(err error) error {
	return c.Unusable(c.Redact.Line(remote.Status(status(err), code(err))) + ": check the address, AWS_ENDPOINT_URL and AWS_ACCESS_KEY_ID")
}

// status returns the status of an answer, 0 for another error.
func status(err error) int {
	var answer *smithyhttp.ResponseError
	if errors.As(err, &answer) && answer.Response != nil {
		return answer.HTTPStatusCode()
	}
	return 0
}

func code(err error) string {
	var answer smithy.APIError
	if errors.As(err, &answer) {
		return answer.ErrorCode()
	}
	return ""
}

// fault says what an error of the SDK means. It wraps none of its errors: they show URLs and whole answers.
func (c meanings) fault(ctx context.Context, doing, name string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s %s: %w", doing, c.Where(name), context.Cause(ctx))
	}
	switch {
	case strings.Contains(err.Error(), "get identity: "):
		return c.noCredentials(doing, name, err)
	case status(err) >= http.StatusMultipleChoices:
		return c.refusal(doing, name, status(err), code(err))
	case remote.NoHost(err) != "":
		return c.Unusable("host " + remote.NoHost(err) + " does not exist; check AWS_ENDPOINT_URL and AWS_REGION")
	}
	return &remote.UnreachableError{Doing: doing, Where: c.Where(name), What: c.Redact.Line(remote.Plain(err))}
}

// noCredentials tells credentials that are not there from a service for them that does not answer.
func (c meanings) noCredentials(doing, name string, err error) error {
	text := err.Error()
	_, text, _ = strings.Cut(text, "get identity: ")
	var network *net.OpError
	if errors.As(err, &network) && !strings.Contains(text, "IMDS") {
		return &remote.UnreachableError{Doing: doing, Where: c.Where(name), What: "get credentials: " + c.Redact.Line(remote.Plain(err))}
	}
	return c.Unusable("no credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or a role: " + c.Redact.Line(text))
}

// refusal says what an answer other than success means.
func (c meanings) refusal(doing, name string, status int, code string) error {
	text := c.Redact.Line(remote.Status(status, code))
	if what := advice(code); what != "" {
		return c.Unusable(text + ": " + what)
	}
	switch {
	case code == noSuchBucket:
		return c.noBucket()
	case status == http.StatusPreconditionFailed:
		return c.Condition(doing, name)
	case status == http.StatusNotFound:
		return fmt.Errorf("%s %s: %w", doing, c.Where(name), fs.ErrNotExist)
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return c.Unusable(text + ": check the credentials, and give the identity s3:ListBucket and s3:GetObject, and for snapshots s3:PutObject and s3:DeleteObject")
	case status < http.StatusBadRequest:
		return c.Unusable(text + ": the bucket is in another region; set AWS_REGION")
	case status == http.StatusNotImplemented:
		return c.Unusable(text + ": the store does not know a request that this program needs; choose another store")
	case code == conflict, status == http.StatusRequestTimeout, status == http.StatusTooManyRequests, status >= http.StatusInternalServerError:
		return &remote.UnreachableError{Doing: doing, Where: c.Where(name), What: text}
	}
	return fmt.Errorf("%s %s: %s", doing, c.Where(name), text)
}

// advice says what to do about answers that name a setting, "" about others.
func advice(code string) string {
	switch code {
	case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken":
		return "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or the profile"
	case "ExpiredToken", "ExpiredTokenException":
		return "the session has ended; get new credentials"
	case "RequestTimeTooSkewed":
		return "the clock of this machine is wrong"
	case "AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException":
		return "the bucket is in another region; set AWS_REGION"
	case "InvalidBucketName":
		return "the store does not take the name of this bucket; check the address"
	case "InvalidObjectState":
		return "the object is in an archive; restore it, or keep it out of the archive"
	}
	return ""
}
