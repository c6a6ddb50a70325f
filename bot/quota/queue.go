package quota

import (
	"context"
	"sync"
)

// Job is a question that waits to be worked on.
type Job struct {
	Run func(ctx context.Context)
	// Abandon says to the asker that the bot stops before it could answer.
	Abandon func()
}

// Queue holds waiting jobs by server and hands them out in turn, one of each
// server, so that a busy server does not make the others wait. It is bounded
// as a whole and for each server.
type Queue struct {
	max, perServer int

	mu      sync.Mutex
	wake    *sync.Cond
	waiting map[string][]Job
	order   []string // servers with waiting jobs, the next one first
	Size    int
	closed  bool
}

// NewQueue returns an empty queue for at most so many jobs, in all and of a server.
func NewQueue(limit, perServer int) *Queue {
	q := &Queue{max: limit, perServer: perServer, waiting: map[string][]Job{}}
	q.wake = sync.NewCond(&q.mu)
	return q
}

// Push adds a job, or returns false if there is no room.
func (q *Queue) Push(server string, j Job) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	line := q.waiting[server]
	if q.closed || q.Size >= q.max || len(line) >= q.perServer {
		return false
	}
	if len(line) == 0 {
		q.order = append(q.order, server)
	}
	q.waiting[server] = append(line, j)
	q.Size++
	q.wake.Signal()
	return true
}

// Pop waits for a job; ok is false when the queue is closed and empty.
func (q *Queue) Pop() (j Job, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.Size == 0 {
		if q.closed {
			return Job{}, false
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
	q.Size--
	return line[0], true
}

// Close lets no more jobs in; those that wait are still handed out.
func (q *Queue) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.wake.Broadcast()
}

// Clear takes out all jobs that wait.
func (q *Queue) Clear() []Job {
	q.mu.Lock()
	defer q.mu.Unlock()
	var all []Job
	for _, line := range q.waiting {
		all = append(all, line...)
	}
	q.waiting, q.order, q.Size = map[string][]Job{}, nil, 0
	return all
}

// Tally counts what is going on. Unlike a sync.WaitGroup it may be added to
// while someone waits for nothing to be left.
type Tally struct {
	mu   sync.Mutex
	zero *sync.Cond
	n    int
}

// NewTally returns a tally of nothing.
func NewTally() *Tally {
	t := &Tally{}
	t.zero = sync.NewCond(&t.mu)
	return t
}

// Add counts n more, or fewer.
func (t *Tally) Add(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n += n; t.n == 0 {
		t.zero.Broadcast()
	}
}

// Wait waits until nothing is left.
func (t *Tally) Wait() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.n > 0 {
		t.zero.Wait()
	}
}
