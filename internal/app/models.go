package app

import (
	"strings"

	"verbatim/internal/openai"
)

// NewChat returns the configured chat model, nil if none is configured. What it
// learns of the server is kept in learned, if that is not nil.
func (a *App) NewChat(learned openai.Learned) (*openai.Chat, error) {
	m := a.Config.Model
	if m.Name == "" {
		return nil, nil
	}
	chat, err := openai.NewChat(openai.ChatOptions{
		Options: openai.Options{
			BaseURL: m.BaseURL, Key: a.Keys.Chat, Model: m.Name, Headers: m.Headers,
			Azure: m.Azure, APIVersion: m.APIVersion, Timeout: m.Timeout, Log: a.Log,
		},
		MaxTokens: m.MaxTokens, TokenParam: m.TokenParameter, Temperature: m.Temperature,
		Format: openai.Format(m.ResponseFormat), NoStream: !m.Stream, ExtraBody: m.ExtraBody, Learned: learned,
	})
	if err != nil {
		return nil, usagef("config model: %w", err)
	}
	return chat, nil
}

// NewEmbeddings returns the configured embeddings server, nil if the built-in
// embeddings serve. Vectors that it makes are kept in cache, if that is not nil.
func (a *App) NewEmbeddings(cache openai.VectorCache) (*openai.Embeddings, error) {
	e := a.Config.Embeddings
	if e.Model == "" {
		return nil, nil
	}
	out, err := openai.NewEmbeddings(openai.EmbeddingOptions{
		Options: openai.Options{
			BaseURL: e.BaseURL, Key: a.EmbeddingsKey(), Model: e.Model, Headers: e.Headers,
			Azure: e.Azure, APIVersion: e.APIVersion, Timeout: e.Timeout, Log: a.Log,
		},
		Dimensions: e.Dimensions, Prefix: e.Prefix, Batch: e.Batch, Concurrency: e.Concurrency, Cache: cache,
	})
	if err != nil {
		return nil, usagef("config embeddings: %w", err)
	}
	return out, nil
}

// EmbeddingsKey returns the key for the embeddings server: its own, or else
// that of the chat server if both are the same server.
func (a *App) EmbeddingsKey() string {
	if a.Keys.Embeddings != "" {
		return a.Keys.Embeddings
	}
	if sameServer(a.Config.Embeddings.BaseURL, a.Config.Model.BaseURL) {
		return a.Keys.Chat
	}
	return ""
}

func sameServer(a, b string) bool {
	return strings.TrimRight(a, "/") == strings.TrimRight(b, "/")
}
