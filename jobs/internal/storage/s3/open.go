// Package s3 is the client of S3 and of stores that speak its protocol, with single conditional requests.
package s3

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/logging"

	"partnerscore/jobs/internal/storage"
	"partnerscore/jobs/internal/storage/bucket"
	"partnerscore/jobs/internal/storage/remote"
)

// Open returns a client of the bucket and prefix that an address names, whose requests obey the limits. It makes no request to the store. env looks
// up a variable of the environment; profiles, roles and web identities the SDK finds itself.
func Open(ctx context.Context, address storage.Address, env func(string) string, limits remote.Limits) (bucket.Client, error) {
	c, err := open(ctx, address, env, limits, 0)
	if err != nil {
		return nil, err // a nil *client would be no nil Client
	}
	return c, nil
}

// open takes limits, and the size of a page of a list, 0 for that of the store.
func open(ctx context.Context, address storage.Address, env func(string) string, limits remote.Limits, page int32) (*client, error) {
	c := &client{meanings: meanings{remote.Place{Address: address}}, limits: limits, page: page}
	if address.Prefix != "" {
		c.prefix = address.Prefix + "/"
	}
	id, secret, token := env("AWS_ACCESS_KEY_ID"), env("AWS_SECRET_ACCESS_KEY"), env("AWS_SESSION_TOKEN")
	c.Redact = remote.NewRedactor(id, secret, token)
	endpoint := cmp.Or(env("AWS_ENDPOINT_URL_S3"), env("AWS_ENDPOINT_URL"))
	if endpoint != "" {
		at, err := url.Parse(endpoint)
		if err != nil || at.Scheme != "https" && at.Scheme != "http" || at.Host == "" || at.User != nil || at.RawQuery != "" {
			return nil, c.Unusable("AWS_ENDPOINT_URL must be like https://host or https://host:port, without user and query")
		}
	}
	settings := []func(*config.LoadOptions) error{
		config.WithRegion(cmp.Or(env("AWS_REGION"), env("AWS_DEFAULT_REGION"))),
		config.WithLogger(logging.Nop{}),
	}
	if id != "" && secret != "" {
		settings = append(settings, config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(id, secret, token)))
	}
	loaded, err := config.LoadDefaultConfig(ctx, settings...)
	if err != nil {
		return nil, c.Unusable("the settings of AWS cannot be read: " + c.Redact.Line(err.Error()))
	}
	c.sdk = sdk.NewFromConfig(loaded, c.configure(endpoint))
	if c.sdk.Options().Region == "" {
		return nil, c.Unusable("set AWS_REGION to the region of the bucket")
	}
	return c, nil
}

// configure sets what differs from the defaults of the SDK.
func (c *client) configure(endpoint string) func(*sdk.Options) {
	return func(o *sdk.Options) {
		if endpoint != "" {
			o.BaseEndpoint = &endpoint
		}
		if o.BaseEndpoint != nil {
			o.UsePathStyle = true // other stores than Amazon's seldom have a host name for each bucket
			o.Region = cmp.Or(o.Region, "us-east-1")
		}
		o.HTTPClient = remote.Client(c.limits)
		o.Retryer = c.retryer()
		// Checksums in trailers are refused by stores that do not know them. The signature covers the bytes of a put, and each object keeps its
		// SHA-256, which the caller checks.
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
		o.DisableLogOutputChecksumValidationSkipped = true
	}
}

// brokeOff says that an answer which broke off, like a page of a list, is to be asked for again. The SDK takes it for a wrong answer.
func brokeOff(err error) aws.Ternary {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return aws.TrueTernary
	}
	return aws.UnknownTernary
}

// conflict is the answer to a conditional put while another put of the same object is under way. It says nothing about the condition.
const conflict = "ConditionalRequestConflict"

func (c *client) retryer() aws.Retryer {
	standard := retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = c.limits.Tries
		o.MaxBackoff = c.limits.MaxPause
		o.Retryables = append(o.Retryables, retry.IsErrorRetryableFunc(brokeOff))
		o.RateLimiter = ratelimit.None // the number of tries is bounded; a quota for all requests would end reads that have begun
		o.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) {
			return min(c.limits.MaxPause, c.limits.Pause<<min(attempt, 10)), nil
		})
	})
	return retry.AddWithErrorCodes(standard, conflict, "OperationAborted")
}
