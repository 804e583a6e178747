package azure

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/bloberror"

	"partnerscore/jobs/internal/storage/remote"
)

// meanings says what answers of a container mean for people.
type meanings struct{ remote.Place }

func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

const noIdentity = "no credential was found that the store accepts; set AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN, " +
	"or check the workload or managed identity: "

// fault says what an error of the SDK means. It wraps none of its errors: they show URLs, whose query may be a SAS, and whole answers.
func (c meanings) fault(ctx context.Context, doing, name string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s %s: %w", doing, c.Where(name), context.Cause(ctx))
	}
	unreachable := &remote.UnreachableError{Doing: doing, Where: c.Where(name)}
	var answer *azcore.ResponseError
	var refused *azidentity.AuthenticationFailedError
	var final interface{ NonRetriable() }
	switch {
	case errors.As(err, &refused):
		if r := refused.RawResponse; r != nil && r.StatusCode < http.StatusInternalServerError && r.StatusCode != http.StatusTooManyRequests {
			return c.Unusable(noIdentity + c.Redact.Line(err.Error()))
		}
		unreachable.What = "get a token: " + c.Redact.Line(err.Error())
	case errors.As(err, &answer):
		return c.refusal(doing, name, answer)
	case remote.NoHost(err) != "":
		return c.Unusable("host " + remote.NoHost(err) + " does not exist; check the name of the account")
	case errors.As(err, &final):
		return c.Unusable(noIdentity + c.Redact.Line(err.Error()))
	default:
		unreachable.What = c.Redact.Line(remote.Plain(err))
	}
	return unreachable
}

// refusal says what an answer other than success means.
func (c meanings) refusal(doing, name string, answer *azcore.ResponseError) error {
	code := bloberror.Code(answer.ErrorCode)
	if what := c.advice(code); what != "" {
		return c.Unusable(what)
	}
	text := c.Redact.Line(remote.Status(answer.StatusCode, answer.ErrorCode))
	switch status := answer.StatusCode; {
	case status == http.StatusPreconditionFailed && !strings.HasPrefix(answer.ErrorCode, "Lease"), code == bloberror.BlobAlreadyExists,
		code == bloberror.ConditionNotMet:
		return c.Condition(doing, name)
	case status == http.StatusNotFound:
		return fmt.Errorf("%s %s: %w", doing, c.Where(name), fs.ErrNotExist)
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return c.Unusable(text + "; give the identity the role Storage Blob Data Contributor (Reader for exports), " +
			"or check key, SAS and the firewall of the account")
	case status == http.StatusPreconditionFailed:
		return c.Unusable(fmt.Sprintf("%s for %s: somebody holds a lease on it; break the lease", text, c.Where(name)))
	case status == http.StatusRequestTimeout, status == http.StatusTooManyRequests, status >= http.StatusInternalServerError:
		return &remote.UnreachableError{Doing: doing, Where: c.Where(name), What: text}
	case status >= http.StatusMultipleChoices && status < http.StatusBadRequest:
		return c.Unusable(text + ", which points to another place; check the address")
	}
	return fmt.Errorf("%s %s: %s", doing, c.Where(name), text)
}

// advice says what to do about answers that name a setting, "" about others.
func (c meanings) advice(code bloberror.Code) string {
	switch code {
	case bloberror.ContainerNotFound, "FilesystemNotFound", "WorkspaceNotFound":
		return "container " + c.Address.Container + " does not exist; create it, or check the address"
	case "ArtifactNotFound", "ItemNotFound":
		return "the item of the workspace does not exist; write its name with its kind, like sales.Lakehouse, and Files after it"
	case bloberror.ContainerBeingDeleted:
		return "container " + c.Address.Container + " is being deleted; wait, or choose another one"
	case bloberror.InvalidResourceName, bloberror.InvalidURI:
		return "the store does not take the name of this container; check the address"
	case bloberror.AuthenticationFailed:
		return "403 AuthenticationFailed: the key or SAS is of another account, wrong or expired, or the clock of this machine is wrong"
	case bloberror.AuthorizationPermissionMismatch, bloberror.InsufficientAccountPermissions:
		return "403 " + string(code) + ": give the identity the role Storage Blob Data Contributor (Reader for exports), or the SAS the permissions rlwdc"
	case bloberror.AuthorizationFailure, bloberror.AuthorizationSourceIPMismatch:
		return "403 " + string(code) + ": the key is wrong, the firewall of the account keeps this machine out, or the permission is missing"
	case "KeyBasedAuthenticationNotPermitted":
		return "403 " + string(code) + ": the account takes no keys; unset AZURE_STORAGE_KEY and AZURE_STORAGE_CONNECTION_STRING, and use an identity"
	case bloberror.NoAuthenticationInformation, "PublicAccessNotPermitted", "InvalidAuthenticationInfo":
		return string(code) + ": the store does not take these credentials; check them, and that the account exists"
	case bloberror.AccountIsDisabled:
		return "the account is disabled"
	case bloberror.BlobImmutableDueToPolicy:
		return "a policy keeps blobs of this container from being replaced or deleted; choose a container without one"
	}
	return ""
}
