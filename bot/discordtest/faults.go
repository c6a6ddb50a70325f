package discordtest

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// Fault is what goes wrong with the REST requests that match it.
type Fault struct {
	Method string // "" or "*": any
	Route  string // below Prefix, "*" for one segment: "/channels/*/messages"; "" or "*": any
	Times  int    // how many requests it strikes; 0 means one, negative means all
	Skip   int    // how many matching requests pass first

	Status int         // answered instead of the right answer
	Header http.Header // of that answer
	Body   string      // of that answer; with Status 0 it comes with status 200

	After     bool            // do the work first, then answer with Status
	HangAfter bool            // do the work, then never answer
	Hang      bool            // neither do the work nor ever answer
	Delay     time.Duration   // before all else
	Until     <-chan struct{} // before all else, wait until this is closed
}

// RateLimited answers n times with 429, retry after so many seconds. Headers are
// those of Discord, or none where bare; a global limit says so.
func RateLimited(method, route string, retryAfter float64, n int, global, bare bool) Fault {
	b, _ := json.Marshal(object{"message": "You are being rate limited.", "retry_after": retryAfter, "global": global})
	f := Fault{Method: method, Route: route, Times: n, Status: http.StatusTooManyRequests, Body: string(b), Header: http.Header{}}
	f.Header.Set("Content-Type", "application/json")
	if bare {
		return f
	}
	after, _ := json.Marshal(retryAfter)
	f.Header.Set("Retry-After", string(after))
	f.Header.Set("X-RateLimit-Reset-After", string(after))
	f.Header.Set("X-RateLimit-Remaining", "0")
	f.Header.Set("X-RateLimit-Limit", "5")
	f.Header.Set("X-RateLimit-Bucket", "discordtest")
	f.Header.Set("X-RateLimit-Scope", "user")
	if global {
		f.Header.Set("X-RateLimit-Global", "true")
		f.Header.Set("X-RateLimit-Scope", "global")
	}
	return f
}

// ServerError answers n times with a status such as 500 or 502 and a page that is
// no JSON; after tells whether the work was done all the same.
func ServerError(method, route string, status, n int, after bool) Fault {
	return Fault{Method: method, Route: route, Times: n, Status: status, After: after,
		Header: http.Header{"Content-Type": {"text/html"}}, Body: "<html><body>" + http.StatusText(status) + "</body></html>"}
}

// Refused answers n times with an error of Discord: 403 and 50001 (missing
// access) or 50013 (missing permissions), 404 and 10062 (unknown interaction) …
func Refused(method, route string, status, code, n int) Fault {
	b, _ := json.Marshal(object{"message": http.StatusText(status), "code": code})
	return Fault{Method: method, Route: route, Times: n, Status: status, Body: string(b),
		Header: http.Header{"Content-Type": {"application/json"}}}
}

// Garbled does the work and answers n times with 200 and JSON that is cut off.
func Garbled(method, route string, n int) Fault {
	return Fault{Method: method, Route: route, Times: n, Body: `{"id": "1", "content": `}
}

// Break adds faults. A request is struck by the first that matches and has
// strikes left.
func (s *Server) Break(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		if f.Times == 0 {
			f.Times = 1
		}
		s.faults = append(s.faults, &f)
	}
}

// Mend removes all faults.
func (s *Server) Mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// takeFault returns the fault that strikes a request; the lock is held.
func (s *Server) takeFault(method, path string) *Fault {
	for _, f := range s.faults {
		if f.Times == 0 || !routeMatches(f.Method, f.Route, method, path) {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			return nil
		}
		if f.Times > 0 {
			f.Times--
		}
		strike := *f
		return &strike
	}
	return nil
}

// wait holds a request back and tells whether it goes on.
func (f *Fault) wait(ctx context.Context, done <-chan struct{}) bool {
	if f.Hang {
		hang(ctx, done)
		return false
	}
	if f.Until != nil {
		select {
		case <-f.Until:
		case <-ctx.Done():
			return false
		case <-done:
			return false
		}
	}
	if f.Delay > 0 {
		t := time.NewTimer(f.Delay)
		defer t.Stop()
		select {
		case <-t.C:
		case <-ctx.Done():
			return false
		case <-done:
			return false
		}
	}
	return true
}

// hang blocks until the client or the server gives up; the handler then ends
// without the client ever having been told anything.
func hang(ctx context.Context, done <-chan struct{}) {
	select {
	case <-ctx.Done():
	case <-done:
	}
	panic(http.ErrAbortHandler)
}

func (f *Fault) write(w http.ResponseWriter) int {
	for k, v := range f.Header {
		w.Header()[k] = v
	}
	status := f.Status
	if status == 0 {
		status = http.StatusOK
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	if _, err := w.Write([]byte(f.Body)); err != nil {
		panic(http.ErrAbortHandler) // the client has gone
	}
	return status
}
