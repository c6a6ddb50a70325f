package bot

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limits counts questions by user, channel and server.
type limits struct {
	now func() time.Time

	mu   sync.Mutex
	by   map[string]*counter
	last time.Time // of the last sweep
}

type counter struct {
	limiter *rate.Limiter
	used    time.Time
}

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, by: map[string]*counter{}, last: now()}
}

// quota is a limit as a question counts against it.
type quota struct {
	key    string
	minute int    // questions a minute; all of them may come at once
	whose  string // for the sentence of refusal
}

// allow counts a question against all of these limits, or against none where
// one is used up; then it returns that one and how long to wait.
func (l *limits) allow(all ...quota) (over *quota, wait time.Duration) {
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

// giveBack makes a question count against none of these limits after all.
func (l *limits) giveBack(all ...quota) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	for _, w := range all {
		l.counter(w, now).ReserveN(now, -1)
	}
}

func (l *limits) counter(w quota, now time.Time) *rate.Limiter {
	every, burst := rate.Limit(float64(w.minute)/60), max(1, w.minute)
	c := l.by[w.key]
	if c == nil {
		c = &counter{limiter: rate.NewLimiter(every, burst)}
		l.by[w.key] = c
	}
	if c.limiter.Burst() != burst {
		c.limiter.SetLimitAt(now, every)
		c.limiter.SetBurstAt(now, burst)
	}
	c.used = now
	return c.limiter
}

// sweep drops counters that are full again.
func (l *limits) sweep(now time.Time) {
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

// recent remembers the last ids that it was shown, to notice events that
// come twice.
type recent struct {
	mu   sync.Mutex
	seen map[string]struct{}
	ring []string
	next int
}

func newRecent(size int) *recent {
	return &recent{seen: make(map[string]struct{}, size), ring: make([]string, size)}
}

// add reports whether id is new, and remembers it.
func (r *recent) add(id string) bool {
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
