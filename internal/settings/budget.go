package settings

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Usage counts tokens that models read and wrote, and for how many questions.
type Usage struct {
	In, Out   int64
	Questions int
}

// Total is all that counts against a budget.
func (u Usage) Total() int64 { return u.In + u.Out }

// Spend counts the tokens of a model's call for a question (an id, never its
// words) of a server, on the UTC day that it is.
func (m *Store) Spend(ctx context.Context, server, question string, in, out int64) error {
	if in < 0 || out < 0 {
		return fmt.Errorf("count tokens: %d in, %d out: negative", in, out)
	}
	err := m.db.Update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO usage (day, server, question, tokens_in, tokens_out) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET tokens_in = tokens_in + excluded.tokens_in, tokens_out = tokens_out + excluded.tokens_out`,
			m.now().UTC().Format(time.DateOnly), server, question, in, out)
		return err
	})
	if err != nil {
		return fmt.Errorf("count tokens: %w", err)
	}
	return nil
}

// Spent counts the tokens of a UTC day, of one server or with "*" of all.
func (m *Store) Spent(ctx context.Context, day time.Time, server string) (Usage, error) {
	var u Usage
	err := m.db.Reads().QueryRowContext(ctx, `
SELECT coalesce(sum(tokens_in), 0), coalesce(sum(tokens_out), 0), count(DISTINCT server || char(0) || question) FROM usage
WHERE day = ?1 AND (?2 = '*' OR server = ?2)`, day.UTC().Format(time.DateOnly), server).
		Scan(&u.In, &u.Out, &u.Questions)
	if err != nil {
		return Usage{}, fmt.Errorf("read tokens spent: %w", err)
	}
	return u, nil
}
