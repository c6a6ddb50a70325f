package openai

import (
	"context"
	"sync"
	"time"
)

// rest keeps calls from a server that asked to be left alone.
type rest struct {
	mu    sync.Mutex
	until time.Time
	last  Kind
}

// hold notes what e says of when to call again.
func (r *rest) hold(e *Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e.Kind == KindRate && e.RetryAfter > 0 {
		r.until, r.last = time.Now().Add(e.RetryAfter), e.Kind
	}
}

// left returns how long the server still is to be left alone.
func (r *rest) left() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Until(r.until)
}

// call runs f under the circuit breaker and turns its error into an *Error;
// it returns nil if f succeeded. While a server that answered 429 has asked
// to be left alone, f is not run.
func (c *client) call(ctx context.Context, op string, f func() error) *Error {
	if left := c.rest.left(); left > 0 {
		return &Error{Kind: KindRate, Op: op, Model: c.o.Model, Host: c.host, RetryAfter: left,
			Detail: "not tried, the server asked to be left alone"}
	}
	_, err := c.breaker.Execute(func() (struct{}, error) {
		if err := f(); err != nil {
			return struct{}{}, c.failure(ctx, op, err)
		}
		return struct{}{}, nil
	})
	if err == nil {
		return nil
	}
	e := c.failure(ctx, op, err)
	c.rest.hold(e)
	return e
}
