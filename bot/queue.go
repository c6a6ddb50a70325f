package bot

import (
	"context"
	"sync"
)

// job is a question that waits to be worked on.
type job struct {
	run func(ctx context.Context)
	// abandon tells the asker that the bot stops before it could answer.
	abandon func()
}

// queue holds waiting jobs by server and hands them out in turn, one of each
// server, so that a busy server does not make the others wait. It is bounded
// as a whole and for each server.
type queue struct {
	max, perServer int

	mu      sync.Mutex
	wake    *sync.Cond
	waiting map[string][]job
	order   []string // servers with waiting jobs, the next one first
	size    int
	closed  bool
}

func newQueue(limit, perServer int) *queue {
	q := &queue{max: limit, perServer: perServer, waiting: map[string][]job{}}
	q.wake = sync.NewCond(&q.mu)
	return q
}

// push adds a job, or returns false where there is no room.
func (q *queue) push(server string, j job) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	line := q.waiting[server]
	if q.closed || q.size >= q.max || len(line) >= q.perServer {
		return false
	}
	if len(line) == 0 {
		q.order = append(q.order, server)
	}
	q.waiting[server] = append(line, j)
	q.size++
	q.wake.Signal()
	return true
}

// pop waits for a job; ok is false when the queue is closed and empty.
func (q *queue) pop() (j job, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.size == 0 {
		if q.closed {
			return job{}, false
		}
		q.wake.Wait()
	}
	server := q.order[0]
	q.order = q.order[1:]
	line := q.waiting[server]
	if len(line) == 1 {
		delete(q.waiting, server)
	} else {
		q.waiting[server] = line[1:]
		q.order = append(q.order, server)
	}
	q.size--
	return line[0], true
}

// close lets no more jobs in; those that wait are still handed out.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.wake.Broadcast()
}

// clear takes out all jobs that wait.
func (q *queue) clear() []job {
	q.mu.Lock()
	defer q.mu.Unlock()
	var all []job
	for _, line := range q.waiting {
		all = append(all, line...)
	}
	q.waiting, q.order, q.size = map[string][]job{}, nil, 0
	return all
}

// tally counts what is going on. Unlike a sync.WaitGroup it may be added to
// while someone waits for nothing to be left.
type tally struct {
	mu   sync.Mutex
	zero *sync.Cond
	n    int
}

func newTally() *tally {
	t := &tally{}
	t.zero = sync.NewCond(&t.mu)
	return t
}

func (t *tally) add(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n += n; t.n == 0 {
		t.zero.Broadcast()
	}
}

func (t *tally) wait() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.n > 0 {
		t.zero.Wait()
	}
}
