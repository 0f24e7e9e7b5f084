// The base of every page and part of a module: drawn when all it needs has been read, not before.
// ComponentBase draws once more at the first real wait, with the fields still empty: never on SQLite, which answers at once, always on PostgreSQL.
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace Lizhou.Ui;

/// <summary>A component that is first drawn after its <c>OnInitializedAsync</c> and <c>OnParametersSetAsync</c> have ended.</summary>
public abstract class DrawnWhole : ComponentBase
{
    private bool begun;
    private bool gone;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    public override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        if (!begun)
        {
            begun = true;
            Navigation.OnNotFound += Leave;
            OnInitialized();
            await OnInitializedAsync();
            Navigation.OnNotFound -= Leave;
        }

        // What is not there is not drawn: the page of 404 stands in its place, and a form drawn now would be looked for in vain.
        if (gone)
        {
            return;
        }

        OnParametersSet();
        await OnParametersSetAsync();
        StateHasChanged();
    }

    private void Leave(object? sender, NotFoundEventArgs at) => gone = true;
}
