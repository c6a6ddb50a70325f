package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"verbatim/answer"
	"verbatim/internal/settings"
)

// Budget counts the tokens of a model and keeps to the daily limit. It opens the
// settings database at its first use, so that nothing is written without a
// model. It may be used from many goroutines.
type Budget struct {
	path string // of the settings database
	most int64  // tokens a day, 0 for no limit
	now  func() time.Time
	log  *slog.Logger

	mu     sync.Mutex
	store  *settings.Store
	shared bool // the store is another's to close
	failed bool
}

var _ answer.Budget = (*Budget)(nil)

// open returns the settings database, or nil if it cannot be used.
func (b *Budget) open(ctx context.Context) *settings.Store {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.store == nil && !b.failed && b.path != "" {
		s, err := settings.Open(ctx, settings.Options{Path: b.path, Now: b.now, Log: b.log})
		if err != nil {
			b.failed = ctx.Err() == nil
			b.log.Warn("count the model's tokens", "err", err)
			return nil
		}
		b.store = s
	}
	return b.store
}

// Allow implements answer.Budget. If tokens cannot be counted, a limit allows
// nothing.
func (b *Budget) Allow(ctx context.Context, _ string) (bool, error) {
	if b.most <= 0 {
		return true, nil
	}
	s := b.open(ctx)
	if s == nil {
		return false, errors.New("the tokens of the day cannot be counted")
	}
	used, err := s.Spent(ctx, b.now(), "*")
	if err != nil {
		return false, fmt.Errorf("read the budget: %w", err)
	}
	return used.Total() < b.most, nil
}

// Spend implements answer.Budget.
func (b *Budget) Spend(ctx context.Context, server, question string, t answer.Tokens) error {
	s := b.open(ctx)
	if s == nil {
		return nil
	}
	return s.Spend(ctx, server, question, int64(t.In), int64(t.Out))
}

// Close closes the settings database if the budget opened it.
func (b *Budget) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.store == nil || b.shared {
		return nil
	}
	return b.store.Close()
}
