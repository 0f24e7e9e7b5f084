// Units as a table, found again by their credit code; a child may stand before its parent.
using Lizhou.Kernel;
using Microsoft.EntityFrameworkCore;

namespace Lizhou.Organisation.Sheets;

internal sealed class UnitSheet : Sheet
{
    public override string Noun => "units";

    public override Text Title => new("机构", "Units");

    public override Text Key => new("统一社会信用代码", "credit code");

    public override string Senders => OrganisationModule.Writers;

    public override IReadOnlyList<SheetColumn> Columns { get; } =
    [
        new(new("机构名称", "Name"), 36, true), new(new("统一社会信用代码", "Credit code"), 24, true), new(new("机构类型", "Kind"), 14),
        new(new("上级机构代码", "Code of the unit above"), 24), new(new("简称", "Short name"), 18), new(new("代码例外说明", "Note on the code"), 30),
    ];

    public override async Task<IReadOnlyList<string?[]>> Rows(SheetFilter filter, OrganisationDb db, CancellationToken stop)
    {
        var codes = await db.Units.AsNoTracking().ToDictionaryAsync(u => u.Id, u => u.Code, stop);
        var units = await ListUnits.Chosen(ListUnits.Filter.Of(filter.Q, filter.Kind, filter.State), db).OrderBy(u => u.Code).ToListAsync(stop);
        return [.. units.Select(u => Cells(u, codes))];
    }

    public override async Task<IReadOnlyList<ImportRow>> Apply(IReadOnlyList<SheetLine> lines, OrganisationDb db, IReadOnlySet<Guid> administrators, Actor actor, TimeProvider clock, CancellationToken stop)
    {
        var units = await db.Units.ToDictionaryAsync(u => u.Code, stop);
        var codes = units.Values.ToDictionary(u => u.Id, u => u.Code);
        lines = [.. lines.Select(l => units.TryGetValue(Upper(l.Cell(1)), out var there) ? l.Over(Cells(there, codes)) : l)];
        var inFile = lines.GroupBy(l => Upper(l.Cell(1)), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        // Over all units, not over those of the file alone: a file may close a circle whose other half stands in the register.
        var above = units.Values.ToDictionary(u => u.Code, u => u.Parent is { } parent ? codes.GetValueOrDefault(parent, "") : "", StringComparer.Ordinal);
        foreach (var line in lines)
        {
            above[Upper(line.Cell(1))] = Upper(line.Cell(3));
        }

        var read = lines.Select(l => (Line: l, Code: Upper(l.Cell(1)), Wrong: Wrong(l, units.ContainsKey, inFile, above))).ToList();
        var fresh = read.Where(r => r.Wrong.Count == 0 && !units.ContainsKey(r.Code)).Select(r => r.Code).ToHashSet(StringComparer.Ordinal);
        foreach (var code in fresh)
        {
            units[code] = new Unit { Id = Guid.CreateVersion7(clock.GetUtcNow()), Code = code };
            codes[units[code].Id] = code;
            db.Units.Add(units[code]);
        }

        return [.. read.Select(r => new ImportRow(r.Line.Line, r.Line.Cell(0), r.Code, !units.ContainsKey(r.Code) || fresh.Contains(r.Code), Fill(r.Line, r.Wrong), r.Wrong))];

        IReadOnlyList<CellChange> Fill(SheetLine line, List<Text> wrong)
        {
            if (wrong.Count > 0)
            {
                return [];
            }

            var unit = units[Upper(line.Cell(1))];
            var before = Cells(unit, codes);
            SaveUnit.Fill(unit, Ask(line) with { Parent = line.Cell(3) is { } parent && units.TryGetValue(Upper(parent), out var upper) ? upper.Id : null });
            var changes = fresh.Contains(unit.Code) ? [] : Changes(before, Cells(unit, codes));
            if (fresh.Contains(unit.Code) || changes.Count > 0)
            {
                db.Touch(unit, null, clock);
            }

            return changes;
        }
    }

    private static string?[] Cells(Unit u, Dictionary<Guid, string> codes) =>
        [u.Name, u.Code, u.Kind.Shown().ToString(), u.Parent is { } p ? codes.GetValueOrDefault(p) : null, u.ShortName, u.CodeNote];

    private static SaveUnit.Request Ask(SheetLine line) =>
        new(line.Cell(0), Upper(line.Cell(1)), UnitKinds.Read(line.Cell(2)) ?? UnitKind.Other, null, line.Cell(4), line.Cell(5));

    // The decision about one row: pure, so that every reason can be tested.
    private static List<Text> Wrong(SheetLine line, Func<string, bool> known, Dictionary<string, int> inFile, Dictionary<string, string> above)
    {
        var (code, parent) = (Upper(line.Cell(1)), Upper(line.Cell(3)));
        List<Text> wrong = [.. Ask(line).Check().Select(f => f.What)];
        if (UnitKinds.Read(line.Cell(2)) is null)
        {
            wrong.Add(new($"机构类型“{line.Cell(2)}”无法识别。", $"The kind {line.Cell(2)} is not known."));
        }

        if (code.Length == 18 && !SaveUnit.Passes(code) && line.Cell(5) is null)
        {
            wrong.Add(Problems.BadCode.With(code).What);
        }

        if (code.Length > 0 && inFile[code] > 1)
        {
            wrong.Add(new($"代码 {code} 在文件中出现 {inFile[code]} 次。", $"The code {code} stands {inFile[code]} times in the file."));
        }

        if (parent.Length > 0 && !known(parent) && !inFile.ContainsKey(parent))
        {
            wrong.Add(new($"上级机构 {parent} 既不在系统中，也不在文件中。", $"The unit above, {parent}, is neither known nor in the file."));
        }

        if (IsCircle(code, above))
        {
            wrong.Add(Problems.Circle.What);
        }

        return wrong;
    }

    private static bool IsCircle(string code, Dictionary<string, string> above)
    {
        var at = code;
        for (var steps = 0; steps <= above.Count && above.TryGetValue(at, out var next) && next.Length > 0; steps++)
        {
            at = next;
            if (at == code)
            {
                return true;
            }
        }

        return false;
    }
}
