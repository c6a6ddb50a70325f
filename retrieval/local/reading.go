package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"verbatim/retrieval"
)

// Reading implements retrieval.Versioned.
func (s *Store) Reading(ctx context.Context) (int, error) {
	var value string
	err := s.catalogue.Reads().QueryRowContext(ctx, "SELECT value FROM meta WHERE key = 'reading'").Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the version of reading: %w", err)
	}
	n, err := strconv.Atoi(value)
	if err != nil {
		return 0, fmt.Errorf("%w: its reading is %q", retrieval.ErrDamaged, value)
	}
	return n, nil
}

// SetReading implements retrieval.Versioned.
func (s *Store) SetReading(ctx context.Context, version int) error {
	err := s.catalogue.Update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE meta SET value = ? WHERE key = 'reading'", strconv.Itoa(version))
		return err
	})
	if err != nil {
		return fmt.Errorf("store the version of reading: %w", err)
	}
	return nil
}
