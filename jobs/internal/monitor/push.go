package monitor

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus/push"
)

// The bounds of a push: a push waits no longer for a gateway than a supervisor waits after SIGTERM, and less after a SIGTERM.
const (
	pushLimit          = 4 * time.Second
	pushLimitAfterStop = 2 * time.Second
)

// Push sends the metrics to a Pushgateway, as those of the job partnerscore and this command. What the gateway has of earlier runs and this
// record says nothing of, the last success above all, stays. A run that was interrupted still tells, for a shorter time.
func (r *Record) Push(ctx context.Context, gateway string) error {
	target, err := ParseGateway(gateway)
	if err != nil {
		return err
	}
	limit := pushLimit
	if ctx.Err() != nil {
		ctx, limit = context.WithoutCancel(ctx), pushLimitAfterStop
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	gatherer, err := r.gatherer(r.lasting(), nil)
	if err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	user := target.User
	target.User = nil
	pusher := push.New(target.String(), namespace).Gatherer(gatherer)
	for name, value := range r.labels() {
		pusher = pusher.Grouping(name, value)
	}
	if user != nil {
		password, _ := user.Password()
		pusher = pusher.BasicAuth(user.Username(), password)
	}
	if err := pusher.AddContext(ctx); err != nil {
		return fmt.Errorf("push metrics: %.300s", err.Error()) // a gateway may answer with a page
	}
	return nil
}

// ParseGateway reads the address of a Pushgateway, like http://pushgateway:9091; a name and password in it are sent as such.
func ParseGateway(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("want a URL like http://pushgateway:9091") // not what it is: it may hold a password
	}
	return u, nil
}
