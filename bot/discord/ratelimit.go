package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// admit waits until the limits that are known let c go.
func (a *Client) admit(ctx context.Context, c *Call) error {
	a.mu.Lock()
	now := a.now()
	if now.Sub(a.since) > invalidWindow {
		a.since, a.invalid = now, 0
	}
	over := a.invalid >= maxInvalid
	until := a.blocked[c.key]
	if !c.Public && a.global.After(until) {
		until = a.global
	}
	a.mu.Unlock()
	if over {
		return fmt.Errorf("%s %s: %w", c.Method, c.Route, ErrTooRefused)
	}
	if wait := until.Sub(now); wait > 0 {
		if c.Once || a.sleep(ctx, wait) != nil {
			return &Error{method: c.Method, route: c.Route, status: http.StatusTooManyRequests, wait: wait}
		}
	}
	if c.Public {
		return ctx.Err()
	}
	return a.pace.Wait(ctx)
}

// sleep waits for d; if ctx ends before that it does not wait at all.
func (a *Client) sleep(ctx context.Context, d time.Duration) error {
	if end, ok := ctx.Deadline(); ok && time.Until(end) < d {
		return context.DeadlineExceeded
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *Client) refuse() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.invalid++
}

// limited reads how long a rate limit lasts, from whichever of the headers
// and the body says it, and keeps it for the requests that it concerns.
func (a *Client) limited(c *Call, h http.Header, body []byte, fallback time.Duration) time.Duration {
	var m struct {
		RetryAfter *float64 `json:"retry_after"`
		Global     bool     `json:"global"`
	}
	said := json.Unmarshal(body, &m) == nil && m.RetryAfter != nil
	wait := fallback + time.Second
	if said {
		wait = seconds(*m.RetryAfter)
	} else if s, err := strconv.ParseFloat(h.Get("Retry-After"), 64); err == nil {
		wait = seconds(s)
	} else if s, err := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64); err == nil {
		wait = seconds(s)
	}
	wait += time.Duration(rand.IntN(50)) * time.Millisecond
	a.mu.Lock()
	defer a.mu.Unlock()
	until := a.now().Add(wait)
	if m.Global || h.Get("X-RateLimit-Global") != "" {
		if !c.Public {
			a.global = until
		}
	} else {
		a.block(c.key, until)
	}
	return wait
}

func seconds(s float64) time.Duration {
	const day = 24 * 60 * 60
	return time.Duration(min(max(s, 0), day) * float64(time.Second))
}

// note keeps what the headers of an answer say of the next request.
func (a *Client) note(c *Call, h http.Header) {
	if h.Get("X-RateLimit-Remaining") != "0" {
		return
	}
	s, err := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64)
	if err != nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.block(c.key, a.now().Add(seconds(s)))
}

// block keeps a key from being used until then. Keys whose time has passed
// are dropped as the table grows, so that it stays as large as what is
// blocked now. The lock is held.
func (a *Client) block(key string, until time.Time) {
	if len(a.blocked) >= 256 {
		now := a.now()
		for k, t := range a.blocked {
			if !t.After(now) {
				delete(a.blocked, k)
			}
		}
	}
	a.blocked[key] = until
}
