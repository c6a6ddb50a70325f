package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"verbatim/answer"
	"verbatim/internal/openai"
	"verbatim/internal/settings"
)

// newChat returns the configured chat model, or nil where none is.
func (p *program) newChat(c config, log *slog.Logger) (*openai.Chat, error) {
	m := c.Model
	if m.Name == "" {
		return nil, nil
	}
	chat, err := openai.NewChat(openai.ChatOptions{
		Options: openai.Options{
			BaseURL: m.BaseURL, Key: p.getenv("OPENAI_API_KEY"), Model: m.Name, Headers: m.Headers,
			Azure: m.Azure, APIVersion: m.APIVersion, Timeout: m.Timeout, Log: log,
		},
		MaxTokens: m.MaxTokens, TokenParam: m.TokenParameter, Temperature: m.Temperature,
		Format: openai.Format(m.ResponseFormat), NoStream: !m.Stream,
	})
	if err != nil {
		return nil, usagef("config model: %w", err)
	}
	return chat, nil
}

// newEmbeddings returns the configured embeddings, or nil where none are.
func (p *program) newEmbeddings(c config, log *slog.Logger, cache openai.VectorCache) (*openai.Embeddings, error) {
	e := c.Embeddings
	if e.Model == "" {
		return nil, nil
	}
	out, err := openai.NewEmbeddings(openai.EmbeddingOptions{
		Options: openai.Options{
			BaseURL: e.BaseURL, Key: p.embeddingsKey(c), Model: e.Model, Headers: e.Headers,
			Azure: e.Azure, APIVersion: e.APIVersion, Timeout: e.Timeout, Log: log,
		},
		Dimensions: e.Dimensions, Prefix: e.Prefix, Batch: e.Batch, Concurrency: e.Concurrency, Cache: cache,
	})
	if err != nil {
		return nil, usagef("config embeddings: %w", err)
	}
	return out, nil
}

// embeddingsKey returns the key for the embeddings server: its own, else that
// of the chat server where both are the same server.
func (p *program) embeddingsKey(c config) string {
	if key := p.getenv("VERBATIM_EMBEDDINGS_KEY"); key != "" {
		return key
	}
	if sameServer(c.Embeddings.BaseURL, c.Model.BaseURL) {
		return p.getenv("OPENAI_API_KEY")
	}
	return ""
}

func sameServer(a, b string) bool {
	return strings.TrimRight(a, "/") == strings.TrimRight(b, "/")
}

// budget counts the tokens of a model, and keeps to the daily cap. It opens
// the memory at its first use, so that nothing is written without a model.
type budget struct {
	path string
	most int64 // tokens a day, 0 for no cap
	now  func() time.Time
	log  *slog.Logger

	mu     sync.Mutex
	memory *settings.Store
	shared bool // the memory is another's to close
	failed bool
}

var _ answer.Budget = (*budget)(nil)

// open returns the memory, or nil where it cannot be used.
func (b *budget) open(ctx context.Context) *settings.Store {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.memory == nil && !b.failed && b.path != "" {
		m, err := settings.Open(ctx, settings.Options{Path: b.path, Now: b.now, Log: b.log})
		if err != nil {
			b.failed = ctx.Err() == nil
			b.log.Warn("count the model's tokens", "err", err)
			return nil
		}
		b.memory = m
	}
	return b.memory
}

// Allow implements answer.Budget. Where tokens cannot be counted, a cap allows
// nothing.
func (b *budget) Allow(ctx context.Context, _ string) (bool, error) {
	if b.most <= 0 {
		return true, nil
	}
	m := b.open(ctx)
	if m == nil {
		return false, errors.New("the tokens of the day cannot be counted")
	}
	used, err := m.Spent(ctx, b.now(), "*")
	if err != nil {
		return false, fmt.Errorf("read the budget: %w", err)
	}
	return used.Total() < b.most, nil
}

// Spend implements answer.Budget.
func (b *budget) Spend(ctx context.Context, server, question string, t answer.Tokens) error {
	m := b.open(ctx)
	if m == nil {
		return nil
	}
	return m.Spend(ctx, server, question, int64(t.In), int64(t.Out))
}

// Close closes the memory where the budget opened it.
func (b *budget) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.memory == nil || b.shared {
		return nil
	}
	return b.memory.Close()
}
