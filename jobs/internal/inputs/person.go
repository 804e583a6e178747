package inputs

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"partnerscore/jobs/internal/snapshot"
)

// PersonKey keys the pseudonyms of people; empty: they are not keyed.
type PersonKey []byte

// pseudonymLength is the length in hex characters of what is published of a person: 64 bits, enough to tell a partner's people apart.
const pseudonymLength = 16

// Pseudonym returns the published id of a person: the keyed hash of what identifies the person in the exports, cut short.
// Without a key it is a plain hash, which anyone who knows an e-mail address can compute.
func (k PersonKey) Pseudonym(person string) string {
	if len(k) == 0 {
		return fmt.Sprintf("%x", sha256.Sum256([]byte(person)))[:pseudonymLength]
	}
	mac := hmac.New(sha256.New, k)
	mac.Write([]byte(person))
	return hex.EncodeToString(mac.Sum(nil))[:pseudonymLength]
}

// Scheme says in the manifest how people were made pseudonymous. With a key it identifies the key without giving it away, since another key
// changes every person_id.
func (k PersonKey) Scheme() string {
	if len(k) == 0 {
		return "sha256"
	}
	return "hmac-sha256, key " + k.Pseudonym("partnerscore person key")[:8]
}

// Unfit says what to do where the key makes other person ids than those of a published month; empty where it makes the same.
func (k PersonKey) Unfit(man *snapshot.Manifest) string {
	published := man.Settings["person_ids"]
	switch now := k.Scheme(); {
	case now == published:
		return ""
	case published == PersonKey(nil).Scheme():
		return "its person ids were made without a key; unset PARTNERSCORE_PERSON_KEY and PARTNERSCORE_PERSON_KEY_FILE"
	case len(k) == 0:
		return fmt.Sprintf("its person ids were made with %v, and no key is given; set PARTNERSCORE_PERSON_KEY as it was", published)
	default:
		return fmt.Sprintf("its person ids were made with %v, and the one given is %s; set PARTNERSCORE_PERSON_KEY as it was", published,
			strings.TrimPrefix(now, "hmac-sha256, "))
	}
}
