package settings

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// ThreadMode says where the bot answers a message that is addressed to it.
type ThreadMode string

const (
	ThreadDefault ThreadMode = ""       // as the operator configured
	ThreadOpen    ThreadMode = "thread" // in a thread opened on the question
	ThreadReply   ThreadMode = "reply"  // as a reply to the question
	ThreadNone    ThreadMode = "none"   // as a message of its own
)

// Server is what the moderators of a Discord server decided; the zero value is
// what a new server has.
type Server struct {
	AskChannels []string   `json:"ask_channels,omitempty"` // ids; every message there is a question
	Thread      ThreadMode `json:"thread_mode,omitempty"`
	Outlets     []string   `json:"outlets,omitempty"` // searched if a question names none; none: all
	Limits      Limits     `json:"per_minute,omitzero"`
	Roles       []string   `json:"allowed_roles,omitempty"` // ids of those who may ask; none: all
	Human       string     `json:"human_role,omitempty"`    // id of the role that "Ask a human" mentions; none: no such button
	Welcomed    bool       `json:"welcomed,omitempty"`      // the first message was sent
	Removed     time.Time  `json:"removed,omitzero"`        // the bot was removed from the server; zero while it is in it
	Changed     time.Time  `json:"-"`
}

// Limits are questions a minute; 0 means as the operator configured.
type Limits struct {
	User    int `json:"user,omitempty"`
	Channel int `json:"channel,omitempty"`
	Server  int `json:"server,omitempty"`
}

// maxSettingList bounds each list of a server's settings.
const maxSettingList = 200

func (s Server) validate() error {
	switch s.Thread {
	case ThreadDefault, ThreadOpen, ThreadReply, ThreadNone:
	default:
		return fmt.Errorf("thread mode %q is not thread, reply or none", s.Thread)
	}
	for name, list := range map[string][]string{"ask channels": s.AskChannels, "outlets": s.Outlets, "allowed roles": s.Roles} {
		if len(list) > maxSettingList {
			return fmt.Errorf("%d %s, at most %d", len(list), name, maxSettingList)
		}
		if slices.Contains(list, "") {
			return fmt.Errorf("an empty entry in %s", name)
		}
	}
	if s.Limits.User < 0 || s.Limits.Channel < 0 || s.Limits.Server < 0 {
		return errors.New("a negative limit")
	}
	return nil
}

// Settings returns a server's settings.
func (m *Store) Settings(ctx context.Context, server string) (Server, error) {
	s, err := readSettings(ctx, m.db.Reads(), server)
	if err != nil {
		return Server{}, fmt.Errorf("read settings of server %s: %w", server, err)
	}
	return s, nil
}

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func readSettings(ctx context.Context, db querier, server string) (Server, error) {
	var s Server
	var value string
	var changed int64
	err := db.QueryRowContext(ctx, "SELECT value, changed FROM settings WHERE server = ?", server).Scan(&value, &changed)
	if errors.Is(err, sql.ErrNoRows) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal([]byte(value), &s); err != nil {
		return s, err
	}
	s.Changed = time.Unix(changed, 0).UTC()
	return s, nil
}

// UpdateSettings changes a server's settings in one step that no other change can
// come between, and returns what they are now. An error of change is returned and
// changes nothing. change must not use the Store.
func (m *Store) UpdateSettings(ctx context.Context, server string, change func(*Server) error) (Server, error) {
	var s Server
	err := m.db.Update(ctx, func(tx *sql.Tx) error {
		var err error
		if s, err = readSettings(ctx, tx, server); err != nil {
			return err
		}
		if err := change(&s); err != nil {
			return err
		}
		for _, list := range []*[]string{&s.AskChannels, &s.Outlets, &s.Roles} {
			*list = unique(*list)
		}
		if err := s.validate(); err != nil {
			return err
		}
		value, err := json.Marshal(s)
		if err != nil {
			return err
		}
		s.Changed = time.Unix(m.now().Unix(), 0).UTC()
		_, err = tx.ExecContext(ctx, "INSERT OR REPLACE INTO settings (server, value, changed) VALUES (?, ?, ?)",
			server, string(value), s.Changed.Unix())
		return err
	})
	if err != nil {
		return Server{}, fmt.Errorf("change settings of server %s: %w", server, err)
	}
	return s, nil
}

// unique keeps the first of equal entries.
func unique(list []string) []string {
	var out []string
	for _, x := range list {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// Welcome marks a server as welcomed and reports whether it was not before: of
// several callers one gets true.
func (m *Store) Welcome(ctx context.Context, server string) (first bool, err error) {
	_, err = m.UpdateSettings(ctx, server, func(s *Server) error {
		first = !s.Welcomed
		s.Welcomed = true
		return nil
	})
	return first && err == nil, err
}

// Servers lists the ids of the servers that have settings.
func (m *Store) Servers(ctx context.Context) ([]string, error) {
	rows, err := m.db.Reads().QueryContext(ctx, "SELECT server FROM settings ORDER BY server")
	if err != nil {
		return nil, fmt.Errorf("list servers: %w", err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var server string
		if err := rows.Scan(&server); err != nil {
			return nil, fmt.Errorf("list servers: %w", err)
		}
		list = append(list, server)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list servers: %w", err)
	}
	return list, nil
}

// ForgetServer deletes a server's settings, feedback and unanswered questions. What it spent stays, for
// the day's budget.
func (m *Store) ForgetServer(ctx context.Context, server string) error {
	err := m.db.Update(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM settings WHERE server = ?", server); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM feedback WHERE server = ?", server); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "DELETE FROM unanswered WHERE server = ?", server)
		return err
	})
	if err == nil {
		err = m.scrub(ctx)
	}
	if err != nil {
		return fmt.Errorf("forget server %s: %w", server, err)
	}
	return nil
}
