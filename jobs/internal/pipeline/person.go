package pipeline

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

// pseudonymLength is the length in hex characters of what is published of a person: 64 bits, enough to tell a partner's people apart.
const pseudonymLength = 16

// pseudonym returns the published id of a person: the keyed hash of what identifies the person in the exports, cut short.
// Without a key it is a plain hash, which anyone who knows an e-mail can compute.
func pseudonym(key []byte, person string) string {
	if len(key) == 0 {
		sum := sha256.Sum256([]byte(person))
		return hex.EncodeToString(sum[:])[:pseudonymLength]
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(person))
	return hex.EncodeToString(mac.Sum(nil))[:pseudonymLength]
}

// personScheme says in the manifest how people were made pseudonymous; with a key it says which one without giving it away, since another
// key changes every person_id.
func personScheme(key []byte) string {
	if len(key) == 0 {
		return "sha256"
	}
	return "hmac-sha256, key " + pseudonym(key, "partnerscore person key")[:8]
}
