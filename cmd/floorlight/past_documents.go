package main

import (
	"context"

	"github.com/floorlight/floorlight/history"
	"github.com/floorlight/floorlight/hub/event"
	"github.com/floorlight/floorlight/live"
)

func (p *past) Documents(ctx context.Context, tenant event.TenantID, kind live.DocumentKind) ([]live.Document, error) {
	list, err := p.database.Documents(ctx, string(tenant), history.DocumentKind(kind))
	return liveDocuments(list), edgeError(err)
}

func (p *past) Versions(ctx context.Context, tenant event.TenantID, kind live.DocumentKind, id string, before int64, limit int) ([]live.Document, error) {
	list, err := p.database.Versions(ctx, string(tenant), history.DocumentKind(kind), id, before, limit)
	return liveDocuments(list), edgeError(err)
}

func (p *past) PutDocument(ctx context.Context, tenant event.TenantID, next live.Document) (live.Document, error) {
	stored, err := p.database.PutDocument(ctx, string(tenant), history.Document{
		Kind: history.DocumentKind(next.Kind), ID: next.ID, Version: next.Version, At: next.At, Author: next.Author, Deleted: next.Deleted, Body: next.Body,
	})
	return liveDocument(&stored), edgeError(err)
}

func liveDocuments(list []history.Document) []live.Document {
	out := make([]live.Document, len(list))
	for i := range list {
		out[i] = liveDocument(&list[i])
	}
	return out
}

func liveDocument(d *history.Document) live.Document {
	return live.Document{Kind: live.DocumentKind(d.Kind), ID: d.ID, Version: d.Version, At: d.At, Author: d.Author, Deleted: d.Deleted, Body: d.Body}
}
