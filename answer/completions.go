package answer

import (
	"context"
	"crypto/sha256"
	"sync"

	"verbatim/answer/draft"
)

// maxCompletions is how many completions are kept.
const maxCompletions = 512

// completions keeps the texts of a model by the prompts that they answer, the
// latest ones. A prompt holds the question, the day and the sentences that it is
// answered from, so a hit is never older than the index: what was removed from
// it is in no prompt again. Prompts are kept as hashes only. It may be used from
// many goroutines.
type completions struct {
	mu    sync.Mutex
	texts map[[sha256.Size]byte]string
	order [][sha256.Size]byte // the oldest first
}

func promptKey(p draft.Prompt) [sha256.Size]byte {
	return sha256.Sum256([]byte(p.Version + "\x00" + p.System + "\x00" + p.User))
}

func (c *completions) get(p draft.Prompt) (string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	text, ok := c.texts[promptKey(p)]
	return text, ok
}

// put keeps a text that has the form that its prompt asks for.
func (c *completions) put(p draft.Prompt, text string) {
	if !p.Answered(text) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	key := promptKey(p)
	if _, ok := c.texts[key]; !ok {
		c.order = append(c.order, key)
	}
	if c.texts == nil {
		c.texts = make(map[[sha256.Size]byte]string)
	}
	c.texts[key] = text
	if len(c.order) > maxCompletions {
		delete(c.texts, c.order[0])
		c.order = c.order[1:]
	}
}

// kept returns complete with its texts taken from c if they are there. A text
// that is kept costs no tokens and needs no leave of a budget.
func (c *completions) kept(complete draft.Complete) draft.Complete {
	return func(ctx context.Context, p draft.Prompt, onText func(string)) (string, Tokens, error) {
		if text, ok := c.get(p); ok {
			if onText != nil {
				onText(text)
			}
			return text, Tokens{}, nil
		}
		text, t, err := complete(ctx, p, onText)
		if err == nil {
			c.put(p, text)
		}
		return text, t, err
	}
}
