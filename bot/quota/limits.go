// Package quota decides which requests are let in and in which order they are
// worked on: limits by user, channel and server, a queue that is fair between
// servers, and the ids of events that came already.
package quota

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits counts questions by user, channel and server.
type Limits struct {
	now func() time.Time

	mu   sync.Mutex
	by   map[string]*counter
	last time.Time // of the last sweep
}

type counter struct {
	limiter *rate.Limiter
	used    time.Time
}

// NewLimits returns limits that nobody has used.
func NewLimits(now func() time.Time) *Limits {
	return &Limits{now: now, by: map[string]*counter{}, last: now()}
}

// Quota is a limit as a question counts against it.
type Quota struct {
	Key    string
	Minute int    // questions a minute; all of them may come at once
	Whose  string // for the sentence of refusal
}

// Allow counts a question against all of these limits, or against none if
// one is used up; then it returns that one and how long to wait.
func (l *Limits) Allow(all ...Quota) (over *Quota, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.sweep(now)
	taken := make([]*rate.Reservation, 0, len(all))
	for _, w := range all {
		r := l.counter(w, now).ReserveN(now, 1)
		taken = append(taken, r)
		if d := r.DelayFrom(now); d > 0 {
			for _, t := range taken {
				t.CancelAt(now)
			}
			return &w, d
		}
	}
	return nil, 0
}

// GiveBack makes a question count against none of these limits after all.
func (l *Limits) GiveBack(all ...Quota) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	for _, w := range all {
		l.counter(w, now).ReserveN(now, -1)
	}
}

func (l *Limits) counter(w Quota, now time.Time) *rate.Limiter {
	every, burst := rate.Limit(float64(w.Minute)/60), max(1, w.Minute)
	c := l.by[w.Key]
	if c == nil {
		c = &counter{limiter: rate.NewLimiter(every, burst)}
		l.by[w.Key] = c
	}
	if c.limiter.Burst() != burst {
		c.limiter.SetLimitAt(now, every)
		c.limiter.SetBurstAt(now, burst)
	}
	c.used = now
	return c.limiter
}

// sweep drops counters that are full again.
func (l *Limits) sweep(now time.Time) {
	if now.Sub(l.last) < 5*time.Minute {
		return
	}
	l.last = now
	for k, c := range l.by {
		if now.Sub(c.used) > 5*time.Minute {
			delete(l.by, k)
		}
	}
}

// Recent remembers the last ids that it was shown, to notice events that
// come twice.
type Recent struct {
	mu   sync.Mutex
	seen map[string]struct{}
	ring []string
	next int
}

// NewRecent returns a Recent that remembers so many ids.
func NewRecent(size int) *Recent {
	return &Recent{seen: make(map[string]struct{}, size), ring: make([]string, size)}
}

// Add reports whether id is new, and remembers it.
func (r *Recent) Add(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.seen[id]; ok {
		return false
	}
	delete(r.seen, r.ring[r.next])
	r.ring[r.next] = id
	r.seen[id] = struct{}{}
	r.next = (r.next + 1) % len(r.ring)
	return true
}
