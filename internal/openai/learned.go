package openai

import "encoding/json"

// Learned keeps what was learnt of a server between runs. It may be called from
// many goroutines. A value that is lost costs a few calls.
type Learned interface {
	// Get returns the value of a key, or nil.
	Get(key string) []byte
	Put(key string, value []byte)
}

// learnedKey names a model on a server, with what was configured: another
// configuration starts afresh.
func (c *Chat) learnedKey() string {
	key, err := json.Marshal([]any{c.o.BaseURL, c.o.Model, c.o.TokenParam, c.o.MaxTokens, c.o.Temperature, c.o.Format, c.o.NoStream})
	if err != nil { // strings and numbers always encode, but for NaN
		return ""
	}
	return string(key)
}

// recall takes up what earlier runs have learnt.
func (c *Chat) recall() {
	if c.o.Learned == nil {
		return
	}
	takes := c.takes
	if data := c.o.Learned.Get(c.learnedKey()); data != nil && json.Unmarshal(data, &takes) == nil && takes.MaxTokens > 0 {
		c.takes = takes
	}
}

// remember keeps what a call has shown. A smaller limit of tokens is that of
// one prompt and is not kept.
func (c *Chat) remember(takes capabilities) {
	c.mu.Lock()
	takes.MaxTokens = max(takes.MaxTokens, c.takes.MaxTokens)
	c.takes = takes
	c.mu.Unlock()
	if c.o.Learned == nil {
		return
	}
	if data, err := json.Marshal(takes); err == nil {
		c.o.Learned.Put(c.learnedKey(), data)
	}
}
