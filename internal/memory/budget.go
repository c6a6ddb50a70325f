package memory

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// ErrOverBudget means that a model call would spend more tokens than allowed.
var ErrOverBudget = errors.New("the token budget is spent")

// Budget caps tokens, in and out together; 0 is no cap. Days are UTC.
type Budget struct {
	PerQuestion     int64
	PerServerAndDay int64
	PerDay          int64
}

// Usage counts tokens. Reserved ones belong to calls under way, or cut off.
type Usage struct {
	In, Out, Reserved int64
	Questions         int
}

// Total is all that counts against a budget.
func (u Usage) Total() int64 { return u.In + u.Out + u.Reserved }

// Reserve sets tokens aside for a model call, before it is made, for a question
// (an id, never its words) of a server. It is one step with the check against the
// budget, so that calls side by side cannot overspend together; it fails with
// ErrOverBudget. Settle ends the reservation.
func (m *Memory) Reserve(ctx context.Context, b Budget, server, question string, tokens int64) error {
	if tokens < 0 {
		return fmt.Errorf("reserve tokens: %d is negative", tokens)
	}
	day := m.today()
	err := m.write(ctx, func(tx *sql.Tx) error {
		for _, c := range []struct {
			of               string
			server, question string
			most             int64
		}{
			{"of the question", server, question, b.PerQuestion},
			{"of the server for today", server, "*", b.PerServerAndDay},
			{"for today", "*", "*", b.PerDay},
		} {
			if c.most == 0 {
				continue
			}
			u, err := spent(ctx, tx, day, c.server, c.question)
			if err != nil {
				return err
			}
			if u.Total()+tokens > c.most {
				return fmt.Errorf("%w: %d tokens %s, %d used, %d asked for", ErrOverBudget, c.most, c.of, u.Total(), tokens)
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO usage (day, server, question, reserved) VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET reserved = reserved + excluded.reserved`, day, server, question, tokens)
		return err
	})
	if err != nil {
		return fmt.Errorf("reserve tokens: %w", err)
	}
	return nil
}

// Settle replaces reserved tokens of a question by those that the call took. A
// call that failed settles with 0 and 0; one without reservation only counts. After
// midnight what is settled counts for the new day.
func (m *Memory) Settle(ctx context.Context, server, question string, reserved, in, out int64) error {
	if reserved < 0 || in < 0 || out < 0 {
		return fmt.Errorf("settle tokens: %d reserved, %d in, %d out: negative", reserved, in, out)
	}
	err := m.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE usage SET reserved = max(0, reserved - ?1)
WHERE server = ?2 AND question = ?3 AND day = (SELECT max(day) FROM usage WHERE server = ?2 AND question = ?3)`,
			reserved, server, question); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO usage (day, server, question, tokens_in, tokens_out) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET tokens_in = tokens_in + excluded.tokens_in, tokens_out = tokens_out + excluded.tokens_out`,
			m.today(), server, question, in, out)
		return err
	})
	if err != nil {
		return fmt.Errorf("settle tokens: %w", err)
	}
	return nil
}

// Spent counts the tokens of a UTC day, of one server or with "*" of all.
func (m *Memory) Spent(ctx context.Context, day time.Time, server string) (Usage, error) {
	u, err := spent(ctx, m.db, day.UTC().Format(time.DateOnly), server, "*")
	if err != nil {
		return Usage{}, fmt.Errorf("read tokens spent: %w", err)
	}
	return u, nil
}

func spent(ctx context.Context, db querier, day, server, question string) (Usage, error) {
	var u Usage
	err := db.QueryRowContext(ctx, `
SELECT coalesce(sum(tokens_in), 0), coalesce(sum(tokens_out), 0), coalesce(sum(reserved), 0), count(DISTINCT server || char(0) || question) FROM usage
WHERE day = ?1 AND (?2 = '*' OR server = ?2) AND (?3 = '*' OR question = ?3)`, day, server, question).
		Scan(&u.In, &u.Out, &u.Reserved, &u.Questions)
	return u, err
}

func (m *Memory) today() string { return m.now().UTC().Format(time.DateOnly) }
