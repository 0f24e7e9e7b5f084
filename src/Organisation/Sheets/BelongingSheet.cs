// Systems, posts and people as tables: name and unit first, the state last, the kind's own columns between.
using Lizhou.Contracts.Organisation;
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Organisation.Sheets;

/// <summary>What the rows refer to.</summary>
/// <param name="Administrators">People no sheet renames, moves or puts out: <see cref="IPersonAccounts.Administrators"/>.</param>
internal sealed record Known(IReadOnlyList<UnitCard> Units, IReadOnlyList<Post> Posts, IReadOnlySet<Guid> Administrators)
{
    public Dictionary<Guid, string> Codes { get; } = Units.ToDictionary(u => u.Id, u => u.Code);

    public Dictionary<Guid, string> PostNames { get; } = Posts.ToDictionary(p => p.Id, p => p.Name);

    public UnitCard? Unit(string? code) => code is null ? null : Units.FirstOrDefault(u => u.Code.Equals(code, StringComparison.OrdinalIgnoreCase));
}

internal abstract class BelongingSheet<T> : Sheet
    where T : Belonging, new()
{
    public override IReadOnlyList<SheetColumn> Columns =>
        [new(new("名称", "Name"), 30, true), new(new("所属机构代码", "Code of the unit"), 24, true), .. Own, new(new("状态", "State"), 10)];

    public override Text Key => new("名称和所属机构", "name and unit");

    protected abstract IReadOnlyList<SheetColumn> Own { get; }

    public override async Task<IReadOnlyList<string?[]>> Rows(SheetFilter filter, OrganisationDb db, CancellationToken stop)
    {
        var known = await Look(db, new HashSet<Guid>(), stop);
        var entries = await ListBelongings.Chosen<T>(new(filter.Q, filter.Unit, filter.Active), db).OrderBy(e => e.Unit).ThenBy(e => e.Name).ToListAsync(stop);
        return [.. entries.Select(e => Cells(e, known))];
    }

    public override async Task<IReadOnlyList<ImportRow>> Apply(IReadOnlyList<SheetLine> lines, OrganisationDb db, IReadOnlySet<Guid> administrators, Actor actor, TimeProvider clock, CancellationToken stop)
    {
        var known = await Look(db, administrators, stop);
        var entries = await db.Set<T>().ToListAsync(stop);
        var inFile = lines.GroupBy(Mark, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        List<ImportRow> rows = [];
        foreach (var read in lines)
        {
            List<Text> wrong = [];
            var (line, unit) = (read, known.Unit(read.Cell(1)));
            var wish = Read(line, unit?.Id ?? Guid.Empty, known, wrong);
            var there = unit is null ? null : Find(entries, wish, wrong);
            if (there is not null && line.Has.Contains(false))
            {
                wrong.Clear();
                line = line.Over(Cells(there, known));
                wish = Read(line, unit!.Id, known, wrong);
            }

            wrong.InsertRange(0, Refusals(line, wish, unit, there, actor, known));
            if (inFile[Mark(line)] > 1)
            {
                wrong.Add(new($"同一条记录在文件中出现 {inFile[Mark(line)]} 次。", $"The same entry stands {inFile[Mark(line)]} times in the file."));
            }

            var changes = wrong.Count == 0 ? Fill(wish, there, db, known, clock) : [];
            rows.Add(new(line.Line, line.Cell(0), line.Cell(1), there is null, changes, wrong));
        }

        return rows;
    }

    protected abstract Wish<T> Read(SheetLine line, Guid unit, Known known, List<Text> wrong);

    protected abstract string?[] OwnCells(T entry, Known known);

    /// <summary>The entry a row means; null for a new one.</summary>
    protected virtual T? Find(List<T> entries, Wish<T> wish, List<Text> wrong) => entries.Find(e => e.Unit == wish.Unit && e.Name == wish.Name);

    /// <summary>What two rows of a file may not share.</summary>
    protected virtual string Mark(SheetLine line) => $"{line.Cell(0)}\n{Upper(line.Cell(1))}";

    private static async Task<Known> Look(OrganisationDb db, IReadOnlySet<Guid> administrators, CancellationToken stop)
    {
        var units = await db.Units.AsNoTracking().Where(u => u.Active).ToListAsync(stop);
        return new([.. units.Select(u => new UnitCard(u.Id, u.Code, u.Name, u.Parent, u.Active))], await db.Posts.AsNoTracking().ToListAsync(stop), administrators);
    }

    private string?[] Cells(T entry, Known known) =>
        [entry.Name, known.Codes.GetValueOrDefault(entry.Unit), .. OwnCells(entry, known), State(entry.Active).ToString()];

    private IEnumerable<Text> Refusals(SheetLine line, Wish<T> wish, UnitCard? unit, T? there, Actor actor, Known known)
    {
        foreach (var fault in wish.Check().Where(f => unit is not null || f.Field != "unit"))
        {
            yield return fault.What;
        }

        if (unit is null)
        {
            yield return new($"没有启用的机构“{line.Cell(1)}”。", $"There is no active unit {line.Cell(1)}.");
        }
        else if (!Belongings.MayChange(actor, unit.Id, known.Units) || (there is not null && !Belongings.MayChange(actor, there.Unit, known.Units)))
        {
            yield return Problems.NotYours.What;
        }
        else if (there is not null && known.Administrators.Contains(there.Id) && wish.MovesAccount(there))
        {
            yield return Problems.AdministratorsPerson.What;
        }

        if (ReadState(line.Cell(Columns.Count - 1)) is null)
        {
            yield return new($"状态“{line.Cell(Columns.Count - 1)}”无法识别。", $"The state {line.Cell(Columns.Count - 1)} is not known.");
        }
    }

    private IReadOnlyList<CellChange> Fill(Wish<T> wish, T? there, OrganisationDb db, Known known, TimeProvider clock)
    {
        var before = there is null ? null : Cells(there, known);
        var entry = there ?? new T { Id = Guid.CreateVersion7(clock.GetUtcNow()) };
        wish.Fill(entry);
        var changes = before is null ? [] : Changes(before, Cells(entry, known));
        if (there is not null && changes.Count == 0)
        {
            return [];
        }

        db.Touch(entry, null, clock);
        if (there is null)
        {
            db.Add(entry);
        }

        if (wish.Tells(entry) is { } fact)
        {
            db.Tell(fact, clock);
        }

        return changes;
    }
}

internal sealed class SystemSheet : BelongingSheet<InformationSystem>
{
    public override string Noun => "systems";

    public override Text Title => new("信息系统", "Information systems");

    protected override IReadOnlyList<SheetColumn> Own => [new(new("用途", "Purpose"), 40), new(new("承建单位", "Vendor"), 24), new(new("上线日期", "Live since"), 14)];

    protected override Wish<InformationSystem> Read(SheetLine line, Guid unit, Known known, List<Text> wrong)
    {
        var since = DateOnly.TryParse(line.Cell(4), System.Globalization.CultureInfo.InvariantCulture, out var day) ? day : (DateOnly?)null;
        if (line.Cell(4) is { } cell && since is null)
        {
            wrong.Add(new($"上线日期“{cell}”无法识别，应如 2026-03-01。", $"The date {cell} is not understood; write it as 2026-03-01."));
        }

        return new SaveSystem.Request(line.Cell(0), unit, line.Cell(2), line.Cell(3), since, ReadState(line.Cell(5)) ?? true);
    }

    protected override string?[] OwnCells(InformationSystem entry, Known known) => [entry.Purpose, entry.Vendor, entry.Since?.ToString("yyyy-MM-dd")];
}

internal sealed class PostSheet : BelongingSheet<Post>
{
    public override string Noun => "posts";

    public override Text Title => new("岗位", "Posts");

    protected override IReadOnlyList<SheetColumn> Own => [new(new("职责", "Duty"), 50)];

    protected override Wish<Post> Read(SheetLine line, Guid unit, Known known, List<Text> wrong) =>
        new SavePost.Request(line.Cell(0), unit, line.Cell(2), ReadState(line.Cell(3)) ?? true);

    protected override string?[] OwnCells(Post entry, Known known) => [entry.Duty];
}

internal sealed class PersonSheet : BelongingSheet<Person>
{
    public override string Noun => "people";

    public override Text Title => new("人员", "People");

    public override Text Key => new("工号；没有工号时为姓名和所属机构", "staff number; without one, name and unit");

    protected override IReadOnlyList<SheetColumn> Own => [new(new("工号", "Staff number"), 14), new(new("岗位", "Post"), 24), new(new("办公电话", "Office telephone"), 18)];

    protected override Wish<Person> Read(SheetLine line, Guid unit, Known known, List<Text> wrong)
    {
        var post = line.Cell(3) is { } name ? known.Posts.FirstOrDefault(p => p.Unit == unit && p.Name == name) : null;
        if (line.Cell(3) is { } wished && post is null && unit != Guid.Empty)
        {
            wrong.Add(new($"该机构没有岗位“{wished}”，请先新增或导入岗位。", $"The unit has no post {wished}; add or import it first."));
        }

        return new SavePerson.Request(line.Cell(0), unit, post?.Id, line.Cell(4), ReadState(line.Cell(5)) ?? true, Number: line.Cell(2));
    }

    protected override string?[] OwnCells(Person entry, Known known) => [entry.Number, entry.Post is { } post ? known.PostNames.GetValueOrDefault(post) : null, entry.Phone];

    protected override string Mark(SheetLine line) => line.Cell(2) ?? base.Mark(line);

    protected override Person? Find(List<Person> entries, Wish<Person> wish, List<Text> wrong)
    {
        if (((SavePerson.Request)wish).Number is { } number)
        {
            return entries.Find(p => p.Number == number);
        }

        var same = entries.FindAll(p => p.Unit == wish.Unit && p.Name == wish.Name);
        if (same.Count > 1)
        {
            wrong.Add(new($"该机构有 {same.Count} 位“{wish.Name}”，请填写工号。", $"The unit has {same.Count} people named {wish.Name}; give the staff number."));
        }

        return same.Count == 1 ? same[0] : null;
    }
}
