package live

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/hub/metric"
)

// Board is a wallboard that somebody arranged: which numbers, in which order, of
// which part of the desk.
type Board struct {
	Name    string            `json:"name" minLength:"1" maxLength:"80"`
	Tiles   []tile            `json:"tiles" minItems:"1" maxItems:"24"`
	Channel []event.ChannelID `json:"channel,omitempty" maxItems:"100"`
	Team    []event.TeamID    `json:"team,omitempty" maxItems:"100"`
	Agents  bool              `json:"agents" doc:"Whether the strip of agents is shown."`
	Queue   bool              `json:"queue" doc:"Whether the three longest waits are shown."`
	Theme   string            `json:"theme,omitempty" enum:"light,dark,system"`
	Lang    string            `json:"lang,omitempty" enum:"en,zh"`
}

// tile is one number of a board.
type tile struct {
	Metric string `json:"metric" doc:"An id of the catalogue."`
	Wide   bool   `json:"wide,omitempty"`
}

// storedBoard is a board as the API shows it.
type storedBoard struct {
	ID string `json:"id"`
	Board
	Edition
}

// boardEdit is a board as it is put.
type boardEdit struct {
	Board
	Version int64 `json:"version" minimum:"0" doc:"The version that was changed; 0 for a new board."`
}

type boardList struct {
	Boards []storedBoard `json:"boards"`
}

func (b *Board) check() error {
	if strings.TrimSpace(b.Name) == "" || !cleanText(b.Name) || utf8.RuneCountInString(b.Name) > 80 {
		return &Fault{Code: CodeInvalid, Field: "name", Detail: "1 to 80 characters"}
	}
	seen := map[string]bool{}
	for i, t := range b.Tiles {
		field := fmt.Sprintf("tiles[%d].metric", i)
		switch _, known := metric.Lookup(t.Metric); {
		case !known:
			return &Fault{Code: CodeInvalid, Field: field, Detail: fmt.Sprintf("unknown metric %q; GET /v1/catalog lists them", t.Metric)}
		case seen[t.Metric]:
			return &Fault{Code: CodeInvalid, Field: field, Detail: fmt.Sprintf("%q stands twice", t.Metric)}
		}
		seen[t.Metric] = true
	}
	return nil
}

func showBoard(d *Document) (storedBoard, error) {
	b := storedBoard{ID: d.ID, Edition: d.edition()}
	err := json.Unmarshal(d.Body, &b.Board)
	return b, err
}

// DocumentPath names a document in a path.
type DocumentPath struct {
	ID string `path:"id" pattern:"^[a-z0-9-]{1,64}$"`
}

func (s *Server) describeBoards(api huma.API) {
	register(api, http.MethodGet, "/v1/boards", "The desk's boards", func(ctx context.Context, _ *struct{}) (*body[boardList], error) {
		list, err := s.cfg.Documents.Documents(ctx, identityOf(ctx).Tenant, BoardDocuments)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		out := boardList{Boards: []storedBoard{}}
		for i := range list {
			b, err := showBoard(&list[i])
			if err != nil {
				return nil, s.refuse(ctx, err)
			}
			out.Boards = append(out.Boards, b)
		}
		return &body[boardList]{out}, nil
	})
	register(api, http.MethodGet, "/v1/boards/{id}", "One board", func(ctx context.Context, in *DocumentPath) (*body[storedBoard], error) {
		d, err := s.newest(ctx, identityOf(ctx).Tenant, BoardDocuments, in.ID)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		if d.Deleted {
			return nil, s.refuse(ctx, ErrNotFound)
		}
		return s.answerBoard(ctx, &d)
	})
	type change struct {
		DocumentPath

		Body boardEdit
	}
	register(api, http.MethodPut, "/v1/boards/{id}", "Store a board, new, changed, or deleted and wanted back", func(ctx context.Context, in *change) (*body[storedBoard], error) {
		if err := in.Body.check(); err != nil {
			return nil, s.refuse(ctx, err)
		}
		d, err := s.put(ctx, BoardDocuments, in.ID, in.Body.Version, in.Body.Board)
		if err != nil {
			return nil, s.refuse(ctx, err)
		}
		return s.answerBoard(ctx, &d)
	})
	register(api, http.MethodDelete, "/v1/boards/{id}", "Delete a board; putting its last version again brings it back", func(ctx context.Context, in *DocumentPath) (*struct{}, error) {
		if err := s.remove(ctx, BoardDocuments, in.ID); err != nil {
			return nil, s.refuse(ctx, err)
		}
		return nil, nil
	})
}

func (s *Server) answerBoard(ctx context.Context, d *Document) (*body[storedBoard], error) {
	b, err := showBoard(d)
	if err != nil {
		return nil, s.refuse(ctx, err)
	}
	return &body[storedBoard]{b}, nil
}
